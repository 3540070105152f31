/** The address of a model: who published it, which dialect it therefore speaks, and the path of its methods. */
import { GatewayError } from '@gatewright/core';

/** `gemini`: Google's own models and endpoints; `anthropic`: Claude; `mistral`: Mistral's; `open`: those behind the OpenAI-compatible endpoint. */
export type Family = 'gemini' | 'anthropic' | 'mistral' | 'open';

export interface ModelAddress {
  readonly family: Family;
  /** The path behind `projects/…/locations/…`, without the method. */
  readonly path: string;
}

/** One word of a name: with a version behind `@`, as Claude's models have one, and never with a way up. */
const WORD = String.raw`[A-Za-z0-9][\w-]*(?:\.[\w-]+)*`;
const NAME = new RegExp(`^(?:(?:publishers/)?(${WORD})/(?:models/)?)?(${WORD}(?:@${WORD})?)$`);
const ENDPOINT = /^endpoints\/(\d{1,30})$/;

/**
 * Where a model is: `gemini-3-pro`, `claude-opus-5`, `anthropic/claude-opus-5`, `mistral-medium-3`, `meta/llama-4-maverick-maas`,
 * `publishers/google/models/gemini-3-pro`, or `endpoints/1234` for a tuned Gemini model.
 * Throws `GW_BAD_REQUEST` for a name with anything in it that a path or a URL could read as more than a name: where models
 * are wildcards, it comes from the client.
 */
export function addressOf(model: string): ModelAddress {
  if (ENDPOINT.test(model)) return { family: 'gemini', path: `/${model}` };
  const [, publisher, name] = NAME.exec(model) ?? [];
  if (name === undefined) throw refused(model);
  const maker = publisher ?? makerOf(name);
  const family = FAMILIES.get(maker);
  if (family !== undefined) return { family, path: `/publishers/${maker}/models/${name}` };
  return { family: 'open', path: '/endpoints/openapi' };
}

/** The publishers whose models have paths of their own. */
const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['google', 'gemini'],
  ['anthropic', 'anthropic'],
  ['mistralai', 'mistral'],
]);

/** Who made a model that is named without its publisher. */
function makerOf(name: string): string {
  if (name.startsWith('claude-')) return 'anthropic';
  return /^(?:mistral|ministral|codestral)(?:[-@]|$)/.test(name) ? 'mistralai' : 'google';
}

/** Which family a model is of; what has no proper name is taken for a Gemini model, and refused when it is called. */
export function familyOf(model: string): Family {
  try {
    return addressOf(model).family;
  } catch {
    return 'gemini';
  }
}

function refused(model: string): GatewayError {
  return new GatewayError('GW_BAD_REQUEST', `${JSON.stringify(model)} is no name of a model on Vertex AI.`, {
    param: 'model',
    help: 'Names are such as "gemini-3-pro", "claude-opus-5", "meta/llama-4-maverick-maas" or "endpoints/1234".',
  });
}

/** Models that embed a content; older ones embed `instances`. */
export function embedsContent(model: string): boolean {
  return familyOf(model) === 'gemini' && /gemini-/.test(model) && !model.endsWith('gemini-embedding-001');
}

/** Models that embed `instances`. */
export function predicts(model: string): boolean {
  return familyOf(model) === 'gemini' && !embedsContent(model);
}

export type ServedOperation = 'chat' | 'count-tokens' | 'embeddings';

/** Counting has a path of its own for Claude: the model stands in the body. */
const CLAUDE_COUNT = '/publishers/anthropic/models/count-tokens:rawPredict';

/** The path of a call behind `projects/…/locations/…`. Throws as {@link addressOf} does. */
export function methodPath(model: string, operation: ServedOperation, stream: boolean): string {
  const { family, path } = addressOf(model);
  if (operation === 'embeddings') return `${path}:${embedsContent(model) ? 'embedContent' : 'predict'}`;
  if (operation === 'count-tokens') return family === 'anthropic' ? CLAUDE_COUNT : `${path}:countTokens`;
  switch (family) {
    case 'gemini':
      return `${path}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
    case 'anthropic':
    case 'mistral':
      return `${path}:${stream ? 'streamRawPredict' : 'rawPredict'}`;
    case 'open':
      return `${path}/chat/completions`;
  }
}
