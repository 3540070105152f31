/** Writes transcripts in OpenAI's dialect (https://platform.openai.com/docs/api-reference/audio): what the file is called, not what is in it. */
import { isFormFile, type JsonObject } from '@gatewright/core';
import { objectOf, stringOf } from './json.ts';
import { openaiWire } from './openai-wire.ts';
import type { Piece } from './piece.ts';
import { plainPrompt } from './plain-prompt.ts';
import { InvalidRequest, type Prompt } from './prompt.ts';
import { tokensOf } from './tokens.ts';
import type { Wire, Writing } from './wire.ts';

/** Bytes that are taken for a second of sound. */
const BYTES_PER_SECOND = 16_000;
/** What a second of sound counts. */
const TOKENS_PER_SECOND = 10;

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  verbose_json: 'application/json',
  text: 'text/plain; charset=utf-8',
  srt: 'text/plain; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
};

/** Transcripts and translations are written alike; only a transcript can be streamed. */
export function transcriptionWire(streams: boolean): Wire {
  return {
    ...openaiWire,
    contentType: (prompt) =>
      prompt.stream ? 'text/event-stream; charset=utf-8' : (TYPES[formatOf(prompt)] ?? 'application/json'),
    read(body) {
      if (!isFormFile(body['file'])) throw new InvalidRequest('file', "'file' must be a file.");
      const format = stringOf(body['response_format']);
      if (format !== '' && TYPES[format] === undefined)
        throw new InvalidRequest(
          'response_format',
          `'response_format' must be one of ${Object.keys(TYPES).join(', ')}.`,
        );
      const stream = streams && ['true', true].includes(body['stream'] as string | boolean);
      return plainPrompt(body, [stringOf(body['prompt'])], { stream });
    },
    whole,
    stream(writing) {
      const text = textOf(writing);
      const deltas = tokensOf(text).map((delta): Piece =>
        piece('content', { type: 'transcript.text.delta', delta }, 1),
      );
      return [...deltas, piece('stop', { type: 'transcript.text.done', text, ...usageOf(writing) }, 0)];
    },
  };
}

function whole(writing: Writing): string {
  const text = textOf(writing);
  const seconds = secondsOf(writing);
  switch (formatOf(writing.prompt)) {
    case 'text':
      return `${text}\n`;
    case 'srt':
      return `1\n00:00:00,000 --> ${clock(seconds, ',')}\n${text}\n\n`;
    case 'vtt':
      return `WEBVTT\n\n00:00:00.000 --> ${clock(seconds, '.')}\n${text}\n\n`;
    case 'verbose_json': {
      const segments = [{ id: 0, start: 0, end: seconds, text }];
      const usage = writing.usage ? { usage: { type: 'duration', seconds: Math.ceil(seconds) } } : {};
      return JSON.stringify({ task: 'transcribe', language: 'english', duration: seconds, text, segments, ...usage });
    }
    default:
      return JSON.stringify({ text, ...usageOf(writing) });
  }
}

function formatOf({ body }: Prompt): string {
  return stringOf(objectOf(body)['response_format']) || 'json';
}

function textOf({ prompt }: Writing): string {
  const { file } = objectOf(prompt.body);
  const name = isFormFile(file) && file.filename !== undefined ? `the file ${file.filename}` : 'a file without a name';
  return `This is a simulated transcript of ${name}; nobody has listened to it.`;
}

function secondsOf({ prompt }: Writing): number {
  const { file } = objectOf(prompt.body);
  return isFormFile(file) ? Math.max(0.5, Math.round((file.size / BYTES_PER_SECOND) * 100) / 100) : 0;
}

function usageOf(writing: Writing): JsonObject {
  if (!writing.usage) return {};
  const text = writing.prompt.inputTokens;
  const audio = Math.ceil(secondsOf(writing) * TOKENS_PER_SECOND);
  const output = tokensOf(textOf(writing)).length;
  return {
    usage: {
      type: 'tokens',
      input_tokens: text + audio,
      input_token_details: { text_tokens: text, audio_tokens: audio },
      output_tokens: output,
      total_tokens: text + audio + output,
    },
  };
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

function clock(seconds: number, point: string): string {
  const thousandths = String(Math.round((seconds % 1) * 1000)).padStart(3, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${point}${thousandths}`;
}

function piece(kind: Piece['kind'], data: JsonObject, tokens: number): Piece {
  return { kind, text: `data: ${JSON.stringify(data)}\n\n`, tokens };
}
