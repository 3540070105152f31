/** Fields that both of the vendor's dialects of a chat have, and nobody else: they go from one to the other. */
import type { JsonObject, Rest } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { isObject } from './json-value.ts';
import { RESPONSES } from './responses/dialect-id.ts';

/** The key of a field in the rest of the other dialect, by what it is called here. */
type Names = Readonly<Record<string, string>>;

const IN_RESPONSES: Names = { verbosity: 'text.verbosity', prompt_cache_retention: 'prompt_cache_retention' };

const IN_CHAT: Names = { verbosity: 'verbosity', prompt_cache_retention: 'prompt_cache_retention' };

/** What a request brings along from the other dialect. */
export interface Adopted {
  /** The fields that mean the same here, under the names that they have here. */
  readonly fields: JsonObject;
  /** What is left of the rest. */
  readonly rest: Rest | undefined;
}

/** What chat completions have of a rest of responses. */
export const fromResponses = (rest: Rest | undefined): Adopted => adopt(rest, RESPONSES, IN_RESPONSES);

/** What responses have of a rest of chat completions. */
export const fromChat = (rest: Rest | undefined): Adopted => adopt(rest, DIALECT, IN_CHAT);

/** A citation of responses in the form of chat completions, which has one level more; undefined for all others. */
export function citationFromResponses(dialect: string, item: unknown): JsonObject | undefined {
  if (dialect !== RESPONSES || !isObject(item) || item['type'] !== 'url_citation') return undefined;
  const { type, ...cited } = item;
  return { type, url_citation: cited };
}

/** A citation of chat completions in the form of responses; undefined for all others. */
export function citationFromChat(dialect: string, item: unknown): JsonObject | undefined {
  if (dialect !== DIALECT || !isObject(item) || typeof item['type'] !== 'string') return undefined;
  const cited = item[item['type']];
  return isObject(cited) ? { type: item['type'], ...cited } : undefined;
}

function adopt(rest: Rest | undefined, dialect: string, names: Names): Adopted {
  if (rest?.dialect !== dialect) return { fields: {}, rest };
  const fields: JsonObject = {};
  const left: JsonObject = { ...rest.fields };
  for (const [here, there] of Object.entries(names)) {
    if (left[there] === undefined) continue;
    fields[here] = left[there];
    delete left[there];
  }
  return { fields, rest: { dialect, fields: left } };
}
