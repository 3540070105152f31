/** What can be read off a whole answer without building its neutral form. */
import type { Summary } from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { CALL_TYPES, failureOf } from './response-decode.ts';
import { decodeStatus } from './status.ts';
import { decodeUsage } from './usage.ts';

export function summarize(body: Outline): Summary {
  const summary: Writable<Summary> = {};
  const id = textOf(body.value('id'));
  if (id !== undefined) summary.id = id;
  const model = textOf(body.value('model'));
  if (model !== undefined) summary.model = model;
  const usage = decodeUsage(body.value('usage'));
  if (usage !== undefined) summary.usage = usage;
  const output = body.value('output');
  if (Array.isArray(output)) {
    const calls = output.some((item) => isObject(item) && CALL_TYPES.has(item['type']));
    const stop = decodeStatus(body.value('status'), body.value('incomplete_details'), calls);
    if (stop !== undefined) summary.stop = stop;
  }
  const error = failureOf({ error: body.value('error'), status: body.value('status') });
  if (error !== undefined) summary.error = error;
  return summary;
}
