/** Writes images in OpenAI's dialect (https://platform.openai.com/docs/api-reference/images): small squares of one colour. */
import type { JsonObject } from '@gatewright/core';
import { Dice } from './dice.ts';
import { numberOf, objectOf, stringOf } from './json.ts';
import { openaiWire } from './openai-wire.ts';
import type { Piece } from './piece.ts';
import { plainPrompt } from './plain-prompt.ts';
import { pngOf } from './png.ts';
import { InvalidRequest } from './prompt.ts';
import { countInput } from './tokens.ts';
import type { Wire, Writing } from './wire.ts';

/** Pixels of a side. */
const SIDE = 16;
/** What an image counts; real models count by size and quality. */
const IMAGE_TOKENS = 1000;
const MOST = 10;

export const imagesWire: Wire = {
  ...openaiWire,
  read(body) {
    const prompt = stringOf(body['prompt']);
    if (prompt === '') throw new InvalidRequest('prompt', "'prompt' must be a text.");
    const count = body['n'] ?? 1;
    if (!Number.isInteger(count) || Number(count) < 1 || Number(count) > MOST)
      throw new InvalidRequest('n', `'n' must be from 1 to ${MOST}.`);
    return plainPrompt(body, [prompt], { stream: body['stream'] === true });
  },
  whole(writing) {
    const { prompt, created, usage } = writing;
    const asUrl = objectOf(prompt.body)['response_format'] === 'url';
    const data = picturesOf(writing).map((base64) =>
      asUrl ? { url: `data:image/png;base64,${base64}` } : { b64_json: base64 },
    );
    return JSON.stringify({ created, data, output_format: 'png', ...(usage ? { usage: usageOf(writing) } : {}) });
  },
  stream(writing) {
    const [last = ''] = picturesOf(writing);
    const partial = numberOf(objectOf(writing.prompt.body)['partial_images']) ?? 0;
    const ways = Array.from({ length: partial }, (_, index): Piece => {
      const picture = { type: 'image_generation.partial_image', partial_image_index: index };
      return piece('content', { ...picture, ...frameOf(writing, pictureOf(`${writing.prompt.question} ${index}`)) });
    });
    const usage = writing.usage ? { usage: usageOf(writing) } : {};
    return [...ways, piece('stop', { type: 'image_generation.completed', ...frameOf(writing, last), ...usage })];
  },
};

function picturesOf({ prompt }: Writing): string[] {
  const count = numberOf(objectOf(prompt.body)['n']) ?? 1;
  return Array.from({ length: count }, (_, index) => pictureOf(`${index} ${prompt.question}`));
}

function pictureOf(seed: string): string {
  const [red = 0, green = 0, blue = 0] = Buffer.from(new Dice(seed).hex('colour', 6), 'hex');
  return pngOf(SIDE, SIDE, [red, green, blue]).toString('base64');
}

function frameOf({ created }: Writing, base64: string): JsonObject {
  const form = { size: '1024x1024', quality: 'low', background: 'opaque', output_format: 'png' };
  return { b64_json: base64, created_at: created, ...form };
}

function usageOf({ prompt }: Writing): JsonObject {
  const input = countInput([prompt.question], 0, 0);
  const output = IMAGE_TOKENS * (numberOf(objectOf(prompt.body)['n']) ?? 1);
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_details: { text_tokens: input, image_tokens: 0 },
    output_tokens_details: { text_tokens: 0, image_tokens: output },
  };
}

function piece(kind: Piece['kind'], data: JsonObject): Piece {
  return { kind, text: `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`, tokens: 0 };
}
