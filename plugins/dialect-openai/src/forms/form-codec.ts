/** What the codecs of requests that are forms have in common: the model, whether a stream is wanted, errors. */
import type { Codec, DecodeContext } from '@gatewright/core';
import type { Outline } from '@gatewright/core/wire';
import { editRequest } from '../edits.ts';
import { badRequest } from '../fault.ts';
import { textOf } from '../json-value.ts';
import { plainCodec } from '../plain-codec.ts';
import type { FormReader } from './form-reader.ts';

/** Fields are texts, in JSON they need not be. Throws `GW_BAD_REQUEST` where there are two models. */
function readHead(body: Outline): { model?: string; stream: boolean } {
  const model = body.value('model');
  if (Array.isArray(model)) throw badRequest('model', 'is there more than once');
  const stream = body.value('stream');
  const head = { stream: stream === true || (typeof stream === 'string' && /^(?:true|1)$/i.test(stream)) };
  return typeof model === 'string' ? { ...head, model } : head;
}

export const formCodec = {
  ...plainCodec,
  readHead,
  // Usage comes unasked, and there is no option to ask for it.
  editRequest: (body: Outline, { model }: { readonly model: string }) => editRequest(body, { model, usage: false }),
} satisfies Partial<Codec>;

/** The model that a form names. Azure's clients name it in the path, and may leave it out of the form. */
export function modelOf(reader: FormReader, context: DecodeContext | undefined, fallback?: string): string {
  const named = reader.text('model');
  return textOf(context?.model) ?? named ?? fallback ?? reader.requiredText('model');
}
