/** Writes completions in OpenAI's dialect (https://platform.openai.com/docs/api-reference/completions). */
import type { JsonObject } from '@gatewright/core';
import type { Answer } from './answer.ts';
import { textsOf } from './input-texts.ts';
import { listOf, numberOf, objectOf, stringOf } from './json.ts';
import { openaiWire } from './openai-wire.ts';
import type { Piece, PieceKind } from './piece.ts';
import { plainPrompt } from './plain-prompt.ts';
import { InvalidRequest } from './prompt.ts';
import type { Wire, Writing } from './wire.ts';

const FINISH: Readonly<Record<string, string>> = { length: 'length', 'content-filter': 'content_filter' };

export const completionsWire: Wire = {
  ...openaiWire,
  read(body) {
    const texts = textsOf(body['prompt'] ?? '', 'prompt');
    const limit = numberOf(body['max_tokens']);
    if (limit !== undefined && limit < 0) throw new InvalidRequest('max_tokens', "'max_tokens' must be 0 or more.");
    return plainPrompt(body, texts, {
      stream: body['stream'] === true,
      streamUsage: objectOf(body['stream_options'])['include_usage'] === true,
      maxOutput: limit,
      stop: typeof body['stop'] === 'string' ? [body['stop']] : listOf(body['stop']).map(stringOf),
      candidates: texts.length * Math.max(1, numberOf(body['n']) ?? 1),
    });
  },
  whole: (writing) =>
    JSON.stringify({
      ...headOf(writing),
      choices: writing.answers.map((answer, index) => choice(index, textOf(answer).join(''), finishOf(answer))),
      ...(writing.usage ? { usage: usageOf(writing) } : {}),
    }),
  stream,
};

function stream(writing: Writing): Piece[] {
  const contents = writing.answers.flatMap((answer, index) =>
    textOf(answer).map((token) => chunk('content', writing, [choice(index, token, null)], null, 1)),
  );
  const stops = writing.answers.map((answer, index) =>
    chunk('stop', writing, [choice(index, '', finishOf(answer))], null, 0),
  );
  const tells = writing.prompt.streamUsage && writing.usage;
  const usage = tells ? [chunk('usage', writing, [], usageOf(writing), 0)] : [];
  return [...contents, ...stops, ...usage, { kind: 'end', text: 'data: [DONE]\n\n', tokens: 0 }];
}

/** Usage is null in all chunks but the last, and only where the client has asked for it at all. */
function chunk(
  kind: PieceKind,
  writing: Writing,
  choices: readonly JsonObject[],
  usage: JsonObject | null,
  tokens: number,
): Piece {
  const told = writing.prompt.streamUsage && writing.usage ? { usage } : {};
  return { kind, text: `data: ${JSON.stringify({ ...headOf(writing), choices, ...told })}\n\n`, tokens };
}

function headOf({ id, created, prompt }: Writing): JsonObject {
  return { id: `cmpl-${id}`, object: 'text_completion', created, model: prompt.model };
}

function choice(index: number, text: string, finish: string | null): JsonObject {
  return { text, index, logprobs: null, finish_reason: finish };
}

function textOf({ blocks }: Answer): string[] {
  return blocks.flatMap((block) => (block.kind === 'text' || block.kind === 'refusal' ? block.tokens : []));
}

function finishOf({ stop }: Answer): string {
  return FINISH[stop] ?? 'stop';
}

function usageOf({ prompt, answers }: Writing): JsonObject {
  const output = answers.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  return {
    prompt_tokens: prompt.inputTokens,
    completion_tokens: output,
    total_tokens: prompt.inputTokens + output,
  };
}
