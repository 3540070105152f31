/**
 * Writes replies in OpenAI's chat dialect
 * (https://platform.openai.com/docs/api-reference/chat/object and …/chat/streaming).
 */
import type { JsonObject } from '@gatewright/core';
import type { Answer, Block, StopKind } from './answer.ts';
import { readOpenai } from './openai-request.ts';
import type { Piece, PieceKind } from './piece.ts';
import type { Failure, Wire, Writing } from './wire.ts';

const FINISH: Readonly<Record<StopKind, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  refusal: 'stop',
  'content-filter': 'content_filter',
};

/** Error types and codes by status (https://platform.openai.com/docs/guides/error-codes). */
const FAILURES: Readonly<Record<number, { readonly type: string; readonly code: string | null }>> = {
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  402: { type: 'insufficient_quota', code: 'insufficient_quota' },
  403: { type: 'invalid_request_error', code: 'unsupported_country_region_territory' },
  404: { type: 'invalid_request_error', code: 'model_not_found' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
  503: { type: 'service_unavailable_error', code: null },
};

export const openaiWire: Wire = {
  idHeader: 'x-request-id',
  read: readOpenai,
  whole,
  stream,
  failure: (failure) => JSON.stringify(failureOf(failure)),
  failureEvent: (failure) => event(failureOf(failure)),
  malformedEvent: 'data: {"id":"chatcmpl-0","choices":[{"index":0,"delta":{"content":\n\n',
};

function whole(writing: Writing): string {
  const { prompt, answers } = writing;
  return JSON.stringify({
    id: `chatcmpl-${writing.id}`,
    object: 'chat.completion',
    created: writing.created,
    model: prompt.model,
    choices: answers.map((answer, index) => ({
      index,
      message: messageOf(answer),
      logprobs: prompt.logprobs ? { content: tokensIn(answer, 'text').map(logprob), refusal: null } : null,
      finish_reason: FINISH[answer.stop],
    })),
    ...(writing.usage ? { usage: usageOf(writing) } : {}),
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
  });
}

function messageOf(answer: Answer): JsonObject {
  const has = (kind: Block['kind']): boolean => answer.blocks.some((block) => block.kind === kind);
  const calls = answer.blocks.filter((block) => block.kind === 'tool-call');
  return {
    role: 'assistant',
    content: has('text') ? tokensIn(answer, 'text').join('') : null,
    refusal: has('refusal') ? tokensIn(answer, 'refusal').join('') : null,
    annotations: [],
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ id, name, tokens }) => {
            return { id: `call_${id}`, type: 'function', function: { name, arguments: tokens.join('') } };
          }),
        }),
  };
}

function stream(writing: Writing): Piece[] {
  const { prompt, answers } = writing;
  const openings = answers.map((answer, index) => opening(writing, answer, index));
  const stops = answers.map((answer, index) =>
    chunk('stop', writing, choice(index, {}, { finish_reason: FINISH[answer.stop] }), 0),
  );
  const usage =
    prompt.streamUsage && writing.usage ? [piece('usage', event(chunkOf(writing, [], usageOf(writing))), 0)] : [];
  const contents = interleaved(answers.map((answer, index) => contentOf(writing, answer, index)));
  return [...openings, ...contents, ...stops, ...usage, piece('end', 'data: [DONE]\n\n', 0)];
}

function opening(writing: Writing, answer: Answer, index: number): Piece {
  const content = answer.blocks.some(({ kind }) => kind === 'text') ? '' : null;
  // Thinking is not part of this dialect: it only takes its time.
  return chunk(
    'opening',
    writing,
    choice(index, { role: 'assistant', content, refusal: null }),
    answer.reasoningTokens,
  );
}

function contentOf(writing: Writing, answer: Answer, index: number): Piece[] {
  let call = -1;
  return answer.blocks.flatMap((block): Piece[] => {
    if (block.kind === 'reasoning') return [];
    if (block.kind === 'tool-call') return toolCall(writing, index, ++call, block);
    return block.tokens.map((token) => {
      if (block.kind === 'refusal') return chunk('content', writing, choice(index, { refusal: token }), 1);
      const logprobs = writing.prompt.logprobs ? { content: [logprob(token)], refusal: null } : null;
      return chunk('content', writing, choice(index, { content: token }, { logprobs }), 1);
    });
  });
}

function toolCall(writing: Writing, index: number, call: number, block: Block & { kind: 'tool-call' }): Piece[] {
  const head = { index: call, id: `call_${block.id}`, type: 'function', function: { name: block.name, arguments: '' } };
  const deltas = block.tokens.map((token) => ({ index: call, function: { arguments: token } }));
  return [
    chunk('content', writing, choice(index, { tool_calls: [head] }), 0),
    ...deltas.map((delta) => chunk('content', writing, choice(index, { tool_calls: [delta] }), 1)),
  ];
}

function choice(index: number, delta: JsonObject, more: JsonObject = {}): JsonObject {
  return { index, delta, logprobs: null, finish_reason: null, ...more };
}

function chunk(kind: PieceKind, writing: Writing, choice: JsonObject, tokens: number): Piece {
  return piece(kind, event(chunkOf(writing, [choice], null)), tokens);
}

/** Usage is null in all chunks but the last, and only where the client has asked for it at all. */
function chunkOf(writing: Writing, choices: readonly JsonObject[], usage: JsonObject | null): JsonObject {
  return {
    id: `chatcmpl-${writing.id}`,
    object: 'chat.completion.chunk',
    created: writing.created,
    model: writing.prompt.model,
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
    choices,
    ...(writing.prompt.streamUsage && writing.usage ? { usage } : {}),
  };
}

function usageOf({ prompt, answers }: Writing): JsonObject {
  const output = answers.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const reasoning = answers.reduce((sum, { reasoningTokens }) => sum + reasoningTokens, 0);
  return {
    prompt_tokens: prompt.inputTokens,
    completion_tokens: output,
    total_tokens: prompt.inputTokens + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function failureOf({ status, message, param, tooLong }: Failure): JsonObject {
  const usual = status >= 500 ? { type: 'server_error', code: null } : { type: 'invalid_request_error', code: null };
  const { type, code } = FAILURES[status] ?? usual;
  return { error: { message, type, param: param ?? null, code: tooLong === true ? 'context_length_exceeded' : code } };
}

function logprob(token: string): JsonObject {
  return { token, logprob: -0.01, bytes: [...Buffer.from(token)], top_logprobs: [] };
}

function tokensIn(answer: Answer, kind: Block['kind']): string[] {
  return answer.blocks.flatMap((block) => (block.kind === kind ? block.tokens : []));
}

function event(data: JsonObject): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function piece(kind: PieceKind, text: string, tokens: number): Piece {
  return { kind, text, tokens };
}

/** The items of all lists, one of each in turn: alternatives are written at the same time. */
function interleaved(lists: readonly (readonly Piece[])[]): Piece[] {
  if (lists.length === 1) return [...(lists[0] as readonly Piece[])];
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
