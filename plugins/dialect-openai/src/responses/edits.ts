/** The edits that make a request in this dialect fit a provider that speaks it, without parsing and writing it anew. */
import type { RequestEdits } from '@gatewright/core';
import type { Edit, Outline } from '@gatewright/core/wire';
import * as chat from '../edits.ts';
import { isObject } from '../json-value.ts';
import { isMinted, notKept } from './minted.ts';
import { SEAL_MARK, unseal } from './sealed-reasoning.ts';

/** What stands in the bytes of a body that has ids which were made here. */
const MINTED_MARK = '_gw_';

/** Sets the model, and takes out what another provider thought. Throws `GW_BAD_REQUEST` for ids that lead nowhere. */
export function editRequest(body: Outline, change: { model: string; usage: boolean }): RequestEdits {
  const { edits } = chat.editRequest(body, { model: change.model, usage: false });
  const { bytes } = body;
  if (!bytes.includes(MINTED_MARK) && !bytes.includes(SEAL_MARK)) return { edits, usageInjected: false };
  const previous = body.value('previous_response_id');
  if (isMinted(previous)) throw notKept('previous_response_id', String(previous));
  const cut = withoutForeign(body);
  if (cut === undefined) return { edits, usageInjected: false };
  const warnings = [{ field: 'reasoning', reason: 'reasoning of another dialect is not sent to another provider' }];
  return { edits: [...edits, cut], usageInjected: false, warnings };
}

function withoutForeign(body: Outline): Edit | undefined {
  const member = body.member('input');
  const input = body.value('input');
  if (member === undefined || !Array.isArray(input)) return undefined;
  const kept = (input as unknown[]).filter((item) => !isForeign(item));
  if (kept.length === input.length) return undefined;
  return { start: member.start, end: member.end, text: JSON.stringify(kept) };
}

function isForeign(item: unknown): boolean {
  if (!isObject(item)) return false;
  const { type = 'item_reference', id, encrypted_content: hidden } = item;
  if (type === 'item_reference' && item['role'] === undefined && isMinted(id)) throw notKept('input', String(id));
  if (type !== 'reasoning') return false;
  return isMinted(id) || (typeof hidden === 'string' && unseal(hidden) !== undefined);
}
