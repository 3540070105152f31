/**
 * Writes replies in Anthropic's messages dialect
 * (https://platform.claude.com/docs/en/api/messages and …/build-with-claude/streaming).
 */
import type { JsonObject } from '@gatewright/core';
import type { Answer, Block, StopKind } from './answer.ts';
import { readAnthropic } from './anthropic-request.ts';
import type { Piece, PieceKind } from './piece.ts';
import type { Failure, Wire, Writing } from './wire.ts';

const REASON: Readonly<Record<StopKind, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  'content-filter': 'refusal',
};

/** Error types by status (https://platform.claude.com/docs/en/api/errors). */
const FAILURES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const shared = {
  idHeader: 'request-id',
  failure: (failure: Failure) => JSON.stringify(failureOf(failure)),
  failureEvent: (failure: Failure) => event('error', failureOf(failure)),
  malformedEvent: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":\n\n',
};

export const anthropicWire: Wire = { ...shared, read: readAnthropic, whole, stream };

/** Token counts: the same requests, but nothing is generated. */
export const countWire: Wire = {
  ...shared,
  read: (body) => ({ ...readAnthropic(body, true), stream: false }),
  whole: ({ prompt }) => JSON.stringify({ input_tokens: prompt.inputTokens }),
  stream: () => [],
};

/** The dialect has no alternatives: there is always one answer. */
function answerIn({ answers }: Writing): Answer {
  return answers[0] as Answer;
}

function whole(writing: Writing): string {
  const answer = answerIn(writing);
  return JSON.stringify({
    ...messageHead(writing),
    content: answer.blocks.map(blockOf),
    stop_reason: REASON[answer.stop],
    stop_sequence: answer.sequence ?? null,
    stop_details: stopDetails(answer.stop),
    ...(writing.usage ? { usage: usageOf(writing, answer.outputTokens) } : {}),
  });
}

function messageHead({ id, prompt }: Writing): JsonObject {
  return { id: `msg_${id}`, type: 'message', role: 'assistant', model: prompt.model };
}

function blockOf(block: Block): JsonObject {
  const text = block.tokens.join('');
  switch (block.kind) {
    case 'reasoning':
      return { type: 'thinking', thinking: text, signature: block.signature };
    case 'tool-call':
      // A limit may have cut the arguments: such a call has no input that could be written.
      return { type: 'tool_use', id: `toolu_${block.id}`, name: block.name, input: parsedOrEmpty(text) };
    default:
      return { type: 'text', text };
  }
}

function stream(writing: Writing): Piece[] {
  const answer = answerIn(writing);
  const start = { ...messageHead(writing), content: [], stop_reason: null, stop_sequence: null, stop_details: null };
  const message = writing.usage ? { ...start, usage: usageOf(writing, 1) } : start;
  const usage = writing.usage ? { usage: finalUsage(writing, answer) } : {};
  const delta = {
    stop_reason: REASON[answer.stop],
    stop_sequence: answer.sequence ?? null,
    stop_details: stopDetails(answer.stop),
  };
  return [
    piece('opening', event('message_start', { type: 'message_start', message }), 0),
    piece('opening', event('ping', { type: 'ping' }), 0),
    ...answer.blocks.flatMap((block, index) => blockEvents(block, index)),
    piece('stop', event('message_delta', { type: 'message_delta', delta, ...usage }), 0),
    piece('end', event('message_stop', { type: 'message_stop' }), 0),
  ];
}

function blockEvents(block: Block, index: number): Piece[] {
  const begin = { type: 'content_block_start', index, content_block: emptyBlock(block) };
  const end = { type: 'content_block_stop', index };
  const delta = (value: JsonObject): string =>
    event('content_block_delta', { type: 'content_block_delta', index, delta: value });
  const deltas = block.tokens.map((token) => piece('content', delta(deltaOf(block, token)), 1));
  if (block.kind === 'reasoning')
    deltas.push(piece('content', delta({ type: 'signature_delta', signature: block.signature }), 0));
  // The start of a tool call tells its name; the start of any other block tells nothing yet.
  const kind = block.kind === 'tool-call' || index > 0 ? 'content' : 'opening';
  return [
    piece(kind, event('content_block_start', begin), 0),
    ...deltas,
    piece('content', event('content_block_stop', end), 0),
  ];
}

function emptyBlock(block: Block): JsonObject {
  if (block.kind === 'reasoning') return { type: 'thinking', thinking: '', signature: '' };
  if (block.kind === 'tool-call') return { type: 'tool_use', id: `toolu_${block.id}`, name: block.name, input: {} };
  return { type: 'text', text: '' };
}

function deltaOf(block: Block, token: string): JsonObject {
  if (block.kind === 'reasoning') return { type: 'thinking_delta', thinking: token };
  if (block.kind === 'tool-call') return { type: 'input_json_delta', partial_json: token };
  return { type: 'text_delta', text: token };
}

function usageOf({ prompt }: Writing, output: number): JsonObject {
  return {
    input_tokens: prompt.inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    service_tier: 'standard',
  };
}

/** The counts at the end of a stream: totals, like all counts of this dialect. */
function finalUsage({ prompt }: Writing, answer: Answer): JsonObject {
  return {
    input_tokens: prompt.inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: answer.outputTokens,
  };
}

function stopDetails(stop: StopKind): JsonObject | null {
  return stop === 'refusal' || stop === 'content-filter'
    ? { type: 'refusal', category: null, explanation: null }
    : null;
}

function failureOf({ status, message }: Failure): JsonObject {
  const type = FAILURES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message }, request_id: null };
}

function parsedOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

function event(name: string, data: JsonObject): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function piece(kind: PieceKind, text: string, tokens: number): Piece {
  return { kind, text, tokens };
}
