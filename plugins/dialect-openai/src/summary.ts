/** What can be read off a whole reply without building its neutral form. */
import type { JsonObject, Stop, Summary, UpstreamError } from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { isObject, isVoid, textOf, type Writable } from './json-value.ts';
import { decodeStop } from './stop.ts';
import { errorInside, errorOfChoice } from './upstream-error.ts';
import { decodeUsage } from './usage.ts';

export function summarize(body: Outline): Summary {
  const summary: Writable<Summary> = {};
  const id = textOf(body.value('id'));
  if (id !== undefined) summary.id = id;
  const model = textOf(body.value('model'));
  if (model !== undefined) summary.model = model;
  const usage = decodeUsage(body.value('usage'));
  if (usage !== undefined) summary.usage = usage;
  const choices = body.value('choices');
  const [first] = Array.isArray(choices) ? (choices as unknown[]) : [];
  const stop = isObject(first) ? stopOf(first) : undefined;
  if (stop !== undefined) summary.stop = stop;
  const error = errorOf(body, choices);
  if (error !== undefined) summary.error = error;
  return summary;
}

function stopOf(choice: JsonObject): Stop | undefined {
  const { message } = choice;
  return decodeStop(choice, isObject(message) && (!isVoid(message['tool_calls']) || !isVoid(message['function_call'])));
}

function errorOf(body: Outline, choices: unknown): UpstreamError | undefined {
  const inside = body.has('error') || choices === undefined ? errorInside(body.json()) : undefined;
  if (inside !== undefined || !Array.isArray(choices)) return inside;
  if (choices.length === 0) return { status: 502, message: 'The provider answered without any choice.' };
  for (const choice of choices as unknown[]) {
    const error = isObject(choice) ? errorOfChoice(choice) : undefined;
    if (error !== undefined) return error;
  }
  return undefined;
}
