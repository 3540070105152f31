/** What the codecs of the API's smaller operations have in common: where the model stands, errors, edits. */
import type { Codec, DecodeContext } from '@gatewright/core';
import { editRequest, editResponse, readHead, readSize } from './edits.ts';
import { encodeError } from './error-body.ts';
import type { Reader } from './reader.ts';
import { decodeError } from './upstream-error.ts';

export const plainCodec = {
  readHead,
  readSize,
  editRequest,
  editResponse,
  decodeError,
  encodeError,
} satisfies Partial<Codec>;

/** The model that a request names. Azure's clients name it in the path, and may leave it out of the body. */
export function modelOf(reader: Reader, context: DecodeContext | undefined): string {
  if (context?.model === undefined || context.model === '') return reader.requiredString('model');
  reader.take('model');
  return context.model;
}
