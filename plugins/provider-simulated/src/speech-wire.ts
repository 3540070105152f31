/** Writes speech in OpenAI's dialect (https://platform.openai.com/docs/api-reference/audio/createSpeech): a tone for each text. */
import type { JsonObject } from '@gatewright/core';
import { Dice } from './dice.ts';
import { stringOf } from './json.ts';
import { openaiWire } from './openai-wire.ts';
import type { Piece } from './piece.ts';
import { plainPrompt } from './plain-prompt.ts';
import { InvalidRequest } from './prompt.ts';
import { countInput } from './tokens.ts';
import { wavOf } from './wav.ts';
import type { Wire, Writing } from './wire.ts';

/** The most characters of a text (https://platform.openai.com/docs/api-reference/audio/createSpeech#audio_createspeech-input). */
const MOST = 4_096;
/** How long a character takes to say, and the longest sound, in milliseconds. */
const PACE = 50;
const LONGEST = 5_000;
/** What a second of sound counts. */
const TOKENS_PER_SECOND = 20;
/** Bytes of sound in an event. */
const DELTA = 4_800;

export const speechWire: Wire = {
  ...openaiWire,
  contentType: ({ stream }) => (stream ? 'text/event-stream; charset=utf-8' : 'audio/wav'),
  read(body) {
    const input = stringOf(body['input']);
    if (input === '') throw new InvalidRequest('input', "'input' must be a text.");
    if (input.length > MOST) throw new InvalidRequest('input', `'input' must have at most ${MOST} characters.`);
    return plainPrompt(body, [input], { stream: body['stream_format'] === 'sse' });
  },
  // A piece is text: here, every character stands for a byte.
  whole: (writing) => soundOf(writing).toString('latin1'),
  stream(writing) {
    const sound = soundOf(writing);
    const deltas: Piece[] = [];
    for (let at = 0; at < sound.length; at += DELTA) {
      const audio = sound.toString('base64', at, at + DELTA);
      deltas.push(piece('content', { type: 'speech.audio.delta', audio }));
    }
    const usage = writing.usage ? { usage: usageOf(writing) } : {};
    return [...deltas, piece('stop', { type: 'speech.audio.done', ...usage })];
  },
};

function soundOf({ prompt }: Writing): Buffer {
  const [low = 0] = Buffer.from(new Dice(prompt.question).hex('pitch', 2), 'hex');
  return wavOf(durationOf(prompt.question), 220 + low);
}

function durationOf(text: string): number {
  return Math.min(LONGEST, Math.max(1, text.length) * PACE);
}

function usageOf({ prompt }: Writing): JsonObject {
  const input = countInput([prompt.question], 0, 0);
  const output = Math.ceil((durationOf(prompt.question) / 1000) * TOKENS_PER_SECOND);
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}

function piece(kind: Piece['kind'], data: JsonObject): Piece {
  return { kind, text: `data: ${JSON.stringify(data)}\n\n`, tokens: 0 };
}
