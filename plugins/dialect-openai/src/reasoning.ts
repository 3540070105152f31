/** Reasoning: the field that an answer has it in, and how much of it a request asks for. */
import type { EncodeContext, JsonObject, Part, ReasoningPart, ReasoningSettings } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { textOf, type Writable } from './json-value.ts';
import { ownFields } from './rest.ts';

/** Where servers put reasoning text; the first is what most of them use, and what is written for clients. */
export const REASONING_KEYS = ['reasoning_content', 'reasoning'] as const;

/** Reasoning in pieces, with signatures or encrypted; it rides along with the text. */
export const REASONING_DETAILS = 'reasoning_details';

/** The note that names the fields which a reasoning part was read from. */
const KEYS = '$keys';

/** The reasoning of a message or a delta, and the fields that it was read from. */
export interface FoundReasoning {
  readonly text: string;
  readonly keys: readonly string[];
  readonly details: readonly unknown[] | undefined;
}

/** Some servers send the same text in both fields: it is read once. */
export function findReasoning(value: JsonObject): FoundReasoning | undefined {
  const keys: string[] = [];
  let text: string | undefined;
  for (const key of REASONING_KEYS) {
    const found = textOf(value[key]);
    if (found === undefined || (text !== undefined && found !== text)) continue;
    text = found;
    keys.push(key);
  }
  const raw = value[REASONING_DETAILS];
  const details = Array.isArray(raw) && raw.length > 0 ? (raw as readonly unknown[]) : undefined;
  if (text === undefined && details === undefined) return undefined;
  return { text: text ?? '', keys, details };
}

/** The part of a found reasoning. */
export function reasoningPart(found: FoundReasoning): ReasoningPart {
  const fields: JsonObject = {};
  if (found.keys.length !== 1 || found.keys[0] !== REASONING_KEYS[0]) fields[KEYS] = found.keys;
  if (found.details !== undefined) fields[REASONING_DETAILS] = found.details;
  const part: Writable<ReasoningPart> = { type: 'reasoning', text: found.text, origin: DIALECT };
  if (Object.keys(fields).length > 0) part.rest = { dialect: DIALECT, fields };
  return part;
}

/** The fields that a reasoning part is written into. */
export function reasoningKeys(part: Part): readonly string[] {
  const keys = ownFields(part.rest)[KEYS];
  return Array.isArray(keys) ? (keys as string[]) : [REASONING_KEYS[0]];
}

/** Writes a reasoning part into a message. */
export function writeReasoning(part: ReasoningPart, message: JsonObject): void {
  if (part.text !== '') {
    for (const key of reasoningKeys(part)) message[key] = `${textOf(message[key]) ?? ''}${part.text}`;
  }
  const details = ownFields(part.rest)[REASONING_DETAILS];
  if (!Array.isArray(details)) return;
  const before = (message[REASONING_DETAILS] ?? []) as unknown[];
  message[REASONING_DETAILS] = [...before, ...(details as unknown[])];
}

/** Says that what a client would need to send reasoning back is left out. */
export function warnOfSignature(context: EncodeContext): void {
  context.warn('reasoning', 'signatures and encrypted reasoning have no place in this dialect');
}

/** Up to how many thinking tokens a budget counts as this effort. Where a budget is larger, the effort is `high`. */
const LOW_BUDGET = 4096;
const MEDIUM_BUDGET = 16_384;

/**
 * The `reasoning_effort` for what was asked, or undefined where that is the model's own business. A named effort stands
 * as it is; a budget of thinking tokens becomes `low` up to 4,096, `medium` up to 16,384 and `high` above; where thinking
 * is only switched on, `medium` is what it means here.
 */
export function reasoningEffort(settings: ReasoningSettings): string | undefined {
  const { effort, budgetTokens, mode } = settings;
  if (effort !== undefined) return effort;
  if (mode === 'disabled') return undefined;
  if (budgetTokens === undefined) return mode === 'enabled' ? 'medium' : undefined;
  if (budgetTokens <= LOW_BUDGET) return 'low';
  return budgetTokens <= MEDIUM_BUDGET ? 'medium' : 'high';
}
