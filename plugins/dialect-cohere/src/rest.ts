/** What the neutral form has no field for, kept beside it in the names of this plugin's dialects. */
import type { JsonObject } from '@gatewright/core';
import { keeperOf } from '@gatewright/core/wire';
import { CHAT, EMBED, RERANK } from './names.ts';

export { compact, isKnown, nested, omit, restFields, restore } from '@gatewright/core/wire';

export const keeper = keeperOf(CHAT, EMBED, RERANK);
export const embedKeeper = keeperOf(EMBED, CHAT, RERANK);
export const rerankKeeper = keeperOf(RERANK, CHAT, EMBED);

export const { besides, hint, restoreNested, withRest } = keeper;

/** Extra fields as a hint: undefined where there are none. */
export function extra(fields: JsonObject): JsonObject | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}
