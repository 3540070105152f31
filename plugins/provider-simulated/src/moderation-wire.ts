/** Writes moderations in OpenAI's dialect (https://platform.openai.com/docs/api-reference/moderations). */
import type { JsonObject } from '@gatewright/core';
import { textsOf } from './input-texts.ts';
import { isObject, objectOf, stringOf } from './json.ts';
import { openaiWire } from './openai-wire.ts';
import { plainPrompt } from './plain-prompt.ts';
import type { Wire } from './wire.ts';

/** The API's categories, and words that the simulated model takes for each: enough to see both answers. */
const CATEGORIES: readonly (readonly [string, RegExp | undefined])[] = [
  ['harassment', /\bidiots?\b/i],
  ['harassment/threatening', undefined],
  ['hate', /\bhate\b/i],
  ['hate/threatening', undefined],
  ['illicit', /\bsteal(ing)?\b/i],
  ['illicit/violent', undefined],
  ['self-harm', undefined],
  ['self-harm/intent', undefined],
  ['self-harm/instructions', undefined],
  ['sexual', undefined],
  ['sexual/minors', undefined],
  ['violence', /\b(?:kill|harm|hurt|attack)(?:ing|s|ed)?\b/i],
  ['violence/graphic', undefined],
];

export const moderationWire: Wire = {
  ...openaiWire,
  read: (body) => plainPrompt(body, inputsOf(body)),
  whole: ({ id, prompt }) =>
    JSON.stringify({
      id: `modr-${id}`,
      model: prompt.model,
      results: inputsOf(objectOf(prompt.body)).map(resultOf),
    }),
  stream: () => [],
};

/** Parts are of one input. */
function inputsOf(body: JsonObject): string[] {
  const { input } = body;
  if (!Array.isArray(input) || !input.some(isObject)) return textsOf(input, 'input');
  return [input.map((part) => stringOf(objectOf(part)['text'])).join(' ')];
}

function resultOf(text: string): JsonObject {
  const found = CATEGORIES.map(([name, words]) => [name, words?.test(text) === true] as const);
  return {
    flagged: found.some(([, is]) => is),
    categories: Object.fromEntries(found),
    category_scores: Object.fromEntries(found.map(([name, is]) => [name, is ? 0.9 : 0.001])),
    category_applied_input_types: Object.fromEntries(found.map(([name, is]) => [name, is ? ['text'] : []])),
  };
}
