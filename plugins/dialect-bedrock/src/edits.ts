/** Reads bodies by their outline, without building what is in them. */
import type { RequestEdits, Summary } from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** The model's name and whether a stream is wanted stand in the path, not in the body. */
export function readHead(): { readonly stream: boolean } {
  return { stream: false };
}

/** Nothing in a body depends on the target, and usage needs no asking. */
export function editRequest(): RequestEdits {
  return { edits: [], usageInjected: false };
}

/** What a whole answer tells: its content stays unread. */
export function summarize(body: Outline): Summary {
  if (!body.has('output')) {
    const error = errorIn({
      message: body.value('message'),
      Message: body.value('Message'),
      __type: body.value('__type'),
    });
    if (error !== undefined) return { error };
  }
  const usage = decodeUsage(body.value('usage'));
  const stop = decodeStop(body.value('stopReason'));
  return { ...(usage === undefined ? {} : { usage }), ...(stop === undefined ? {} : { stop }) };
}
