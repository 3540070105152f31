/** What rides along with the neutral form because only the Responses API has it; keys mean what they mean in chat completions. */
import type { EncodeContext, JsonObject, Rest } from '@gatewright/core';
import * as shared from '../rest.ts';
import { respell, SPELLED } from '../spelling.ts';
import { RESPONSES } from './dialect-id.ts';

/** The note that holds an item as it came, or how it was spelled; it stands on the first of the parts that were read from it. */
export const ITEM = '$item';
/** The key of the fields that only this dialect has on a message; they stand on the first of its parts. */
export const MESSAGE_FIELDS = 'item';
/** The note of a part that stands for a message without content. */
export const EMPTY = '$empty';
/** The note of an opaque part that is content of a message, and no item. */
export const CONTENT = '$content';

export const restOf = (fields: JsonObject): Rest | undefined => shared.restOf(fields, RESPONSES);

export const ownFields = (rest: Rest | undefined): Rest['fields'] => shared.ownFields(rest, RESPONSES);

export const addOwnFields = (target: JsonObject, rest: Rest | undefined): void =>
  shared.addOwnFields(target, rest, RESPONSES);

export const refuseForeign = (rest: Rest | undefined, path: string, context: EncodeContext): void =>
  shared.refuseForeign(rest, path, context, RESPONSES);

/** Writes an object as the spelling in its rest says. Changes the object. */
export const respellFrom = (canonical: JsonObject, rest: Rest | undefined): JsonObject =>
  respell(canonical, ownFields(rest)[SPELLED]);

/** Whether a part begins an item that was read in this dialect. */
export const beginsItem = (rest: Rest | undefined): boolean => ownFields(rest)[ITEM] !== undefined;

/** Whether what has this rest was read in this dialect. */
export const isOwn = (rest: Rest | undefined): boolean => rest?.dialect === RESPONSES;
