/** Notes on the events of a stream: what the encoder of this dialect needs to write it as it was. */
import type { Rest } from '@gatewright/core';
import { RESPONSES } from './dialect-id.ts';

/** On a delta that adds nothing: the item as it was when it was done, without its content. */
export const DONE = '$done';
/** On a delta that adds nothing: an event that only this dialect has, whole. */
export const EVENT = '$event';
/** On a delta of reasoning that only parts two of its texts. */
export const BREAK = '$break';
/** On a delta of reasoning that is the thoughts themselves, and no summary of them. */
export const THOUGHTS = '$thoughts';
/** On a stop: the response as it was at its end. */
export const FINAL = '$final';

const rest = (fields: Rest['fields']): Rest => ({ dialect: RESPONSES, fields });

/** Rests that many deltas share. */
export const OF_THOUGHTS: Rest = rest({ [THOUGHTS]: true });
export const BETWEEN_SUMMARIES: Rest = rest({ [BREAK]: true });
export const BETWEEN_THOUGHTS: Rest = rest({ [BREAK]: true, [THOUGHTS]: true });

export const noted = (note: string, value: unknown): Rest => rest({ [note]: value });
