/** The edits that make bytes of this dialect fit, without parsing and writing them anew. */
import type { JsonObject, RequestEdits, RequestSize } from '@gatewright/core';
import { requestSize, type Edit, type Outline } from '@gatewright/core/wire';
import { isObject } from './json-value.ts';

export function readHead(body: Outline): { model?: string; stream: boolean } {
  const model = body.value('model');
  const stream = body.value('stream') === true;
  return typeof model === 'string' ? { model, stream } : { stream };
}

/** How much may be produced, in the words of chats, completions and responses. */
export function readSize(body: Outline): RequestSize {
  const maxOutput = body.value('max_completion_tokens') ?? body.value('max_tokens') ?? body.value('max_output_tokens');
  return requestSize(maxOutput, body.value('n'));
}

/** Sets the model and, for a stream whose usage is wanted and was not asked for, asks for it. */
export function editRequest(body: Outline, change: { model: string; usage: boolean }): RequestEdits {
  const edits: Edit[] = [];
  const additions: JsonObject = {};
  setMember(body, 'model', change.model, edits, additions);
  const usageInjected = change.usage && askForUsage(body, edits, additions);
  if (Object.keys(additions).length > 0) edits.push(insertion(body, additions));
  return { edits, usageInjected };
}

/** Sets the model of a whole reply; one that names none is left alone. */
export function editResponse(body: Outline, change: { model: string }): Edit[] {
  const edits: Edit[] = [];
  setMember(body, 'model', change.model, edits, {});
  return edits;
}

function setMember(body: Outline, key: string, value: unknown, edits: Edit[], additions: JsonObject): void {
  const member = body.member(key);
  if (member === undefined) additions[key] = value;
  else if (body.value(key) !== value) edits.push({ start: member.start, end: member.end, text: JSON.stringify(value) });
}

/** Whether the edits now ask for usage where the client did not. */
function askForUsage(body: Outline, edits: Edit[], additions: JsonObject): boolean {
  if (body.value('stream') !== true) return false;
  const options = body.value('stream_options') ?? {};
  // Whatever else stands there is the provider's to refuse.
  if (!isObject(options) || options['include_usage'] === true) return false;
  setMember(body, 'stream_options', { ...options, include_usage: true }, edits, additions);
  return true;
}

/** Puts new members in front of those that there are. */
function insertion(body: Outline, additions: JsonObject): Edit {
  const text = JSON.stringify(additions).slice(1, -1);
  return { start: body.open, end: body.open, text: body.members.length === 0 ? text : `${text},` };
}
