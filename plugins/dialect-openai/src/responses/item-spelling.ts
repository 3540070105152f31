/** Writes items as they came: the spelling of an item is only found out where it is written in its own dialect again. */
import type { EncodeContext, JsonObject, Part } from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { QUIET } from '../quiet-context.ts';
import { respell, spellingOf } from '../spelling.ts';
import { badReply } from './fault.ts';
import { decodeItem } from './item-decode.ts';
import { encodeItems, type Audience, type ItemStyle } from './item-encode.ts';
import { ITEM, ownFields } from './rest.ts';

/** The style in which items are written as they came. */
export function faithful(audience: Audience, context: EncodeContext): ItemStyle {
  return { audience, context, respell: (item, part) => respellItem(item, part, audience) };
}

/** Writes an item as the note on the first of its parts says. Changes the item. */
export function respellItem(item: JsonObject, part: Part | undefined, audience: Audience): JsonObject {
  const note = ownFields(part?.rest)[ITEM];
  if (!isObject(note)) return item;
  const { spelled, original } = note;
  if (!isObject(original)) return respell(item, spelled);
  return respell(item, spellingOf(original, canonicalOf(original, audience)));
}

/** What would be written of an item that nobody has touched. */
function canonicalOf(original: JsonObject, audience: Audience): JsonObject {
  const { role, parts } = decodeItem(original, 'item', badReply);
  const plain: ItemStyle = { audience, context: QUIET, respell: (item) => item };
  return encodeItems(parts, role, 'item', plain)[0]?.item ?? {};
}
