/** Reads bodies by their outline, without building what is in them. */
import type { RequestEdits, RequestSize, Summary } from '@gatewright/core';
import { requestSize, type Outline } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { isObject } from './reading.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** The model's name and whether a stream is wanted stand in the path, not in the body. */
export function readHead(): { readonly stream: boolean } {
  return { stream: false };
}

/** How much may be produced. */
export function readSize(body: Outline): RequestSize {
  const settings = body.value('inferenceConfig');
  return requestSize(isObject(settings) ? settings['maxTokens'] : undefined);
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
