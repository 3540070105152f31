/** Reads and changes bodies by their outline, without building what is in them. */
import type { RequestEdits, RequestSize, Summary } from '@gatewright/core';
import { requestSize, type Edit, type Outline } from '@gatewright/core/wire';
import { errorIn, failureOf } from './error.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** The model's name, and whether a stream is wanted. Throws `GW_INVALID_JSON`. */
export function readHead(body: Outline): { readonly model?: string; readonly stream: boolean } {
  const model = body.value('model');
  return { ...(typeof model === 'string' ? { model } : {}), stream: body.value('stream') === true };
}

/** How much may be produced. */
export function readSize(body: Outline): RequestSize {
  return requestSize(body.value('max_tokens'));
}

/** Usage needs no asking in this dialect: only the model's name may differ. */
export function editRequest(body: Outline, change: { readonly model: string }): RequestEdits {
  return { edits: renameModel(body, change.model), usageInjected: false };
}

/** The edit that puts another model's name into a body; none where it is there already. */
export function renameModel(body: Outline, model: string): readonly Edit[] {
  const member = body.member('model');
  const text = JSON.stringify(model);
  if (member !== undefined) {
    return body.value('model') === model ? [] : [{ start: member.start, end: member.end, text }];
  }
  const comma = body.members.length === 0 ? '' : ',';
  return [{ start: body.open, end: body.open, text: `"model":${text}${comma}` }];
}

/** What a whole answer tells: its content stays unread. */
export function summarize(body: Outline): Summary {
  const finishReason = body.value('finish_reason');
  if (finishReason === undefined) {
    const error = errorIn({ message: body.value('message'), error: body.value('error') });
    if (error !== undefined) return { error };
  }
  const error = failureOf(finishReason, undefined);
  if (error !== undefined) return { error };
  const id = body.value('id');
  const usage = decodeUsage(body.value('usage'));
  const stop = decodeStop(finishReason);
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(usage === undefined ? {} : { usage }),
    ...(stop === undefined ? {} : { stop }),
  };
}
