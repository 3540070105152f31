/** Fields that both of the vendor's dialects of a chat have, and nobody else: they go from one to the other. */
import type { JsonObject, Rest } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
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
