/**
 * Writes embeddings in OpenAI's dialect (https://platform.openai.com/docs/api-reference/embeddings). A text's words
 * decide its vector: texts that share words have vectors that point in like directions.
 */
import { base64Of } from '@gatewright/core';
import { Dice } from './dice.ts';
import { textsOf } from './input-texts.ts';
import { numberOf, objectOf } from './json.ts';
import { openaiWire } from './openai-wire.ts';
import { plainPrompt } from './plain-prompt.ts';
import { InvalidRequest } from './prompt.ts';
import { countInput, tokensOf } from './tokens.ts';
import type { Wire, Writing } from './wire.ts';

/** As long as the vectors of the best-known model. */
const DIMENSIONS = 1536;
const MOST_DIMENSIONS = 16_384;
/** In how many places of a vector a word is seen. */
const PLACES = 8;

export const embeddingsWire: Wire = {
  ...openaiWire,
  read(body) {
    const texts = textsOf(body['input'], 'input');
    const dimensions = body['dimensions'] ?? DIMENSIONS;
    if (!Number.isInteger(dimensions) || Number(dimensions) < 1 || Number(dimensions) > MOST_DIMENSIONS)
      throw new InvalidRequest('dimensions', `'dimensions' must be from 1 to ${MOST_DIMENSIONS}.`);
    return plainPrompt(body, texts);
  },
  whole,
  stream: () => [],
};

function whole({ prompt, usage }: Writing): string {
  const { input, dimensions, encoding_format: format } = objectOf(prompt.body);
  const data = textsOf(input, 'input').map((text, index) => {
    const vector = vectorOf(text, numberOf(dimensions) ?? DIMENSIONS);
    return { object: 'embedding', index, embedding: format === 'base64' ? base64Of(vector) : vector };
  });
  const tokens = countInput(textsOf(input, 'input'), 0, 0);
  return JSON.stringify({
    object: 'list',
    data,
    model: prompt.model,
    ...(usage ? { usage: { prompt_tokens: tokens, total_tokens: tokens } } : {}),
  });
}

/** A vector of length 1, of 32-bit floats. */
export function vectorOf(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  const words = tokensOf(text.toLowerCase()).map((word) => word.trim());
  for (const word of words.length === 0 ? [''] : words) {
    const hash = new Dice(word).hex('embedding', PLACES * 8);
    for (let at = 0; at < hash.length; at += 8) {
      const number = Number.parseInt(hash.slice(at, at + 8), 16);
      const place = number % dimensions;
      vector[place] = (vector[place] as number) + (number % 2 === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  // Where all words cancel each other out, any direction is as good as another.
  if (length === 0) vector[0] = 1;
  return vector.map((value) => Math.fround(value / (length === 0 ? 1 : length)));
}
