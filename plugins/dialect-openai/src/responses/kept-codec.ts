/** The codec of requests for responses that their provider keeps: all of it passes as it is. */
import {
  GatewayError,
  Sight,
  type Codec,
  type ObserverOptions,
  type StreamObserver,
  type Summary,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { editResponse } from '../edits.ts';
import { encodeError } from '../error-body.ts';
import { decodeError } from '../upstream-error.ts';
import { encodeErrorFrame } from './error-event.ts';
import { ResponsesObserver } from './observer.ts';
import { ResponsesDecoder } from './stream-decoder.ts';
import { ResponsesEncoder } from './stream-encoder.ts';

/** Sees where a repeated stream ends. What it tells of usage was paid when it was made, and how it failed is what was asked. */
class KeptObserver implements StreamObserver {
  readonly summary: Summary = {};
  readonly #inner: ResponsesObserver;

  constructor(options: ObserverOptions) {
    this.#inner = new ResponsesObserver(options);
  }

  see(frame: Frame): number {
    const sight = this.#inner.see(frame);
    return sight & Sight.ERROR ? Sight.CONTENT | Sight.STOP | Sight.END : sight | Sight.CONTENT;
  }

  fail(error: GatewayError): string {
    return this.#inner.fail(error);
  }
}

export const keptCodec: Codec<'kept'> = {
  decodeRequest: () => {
    throw new GatewayError('GW_BAD_REQUEST', 'What is asked for by its id is said in the path, not in a body.');
  },
  encodeRequest: () => ({}),
  decodeResponse: (body) => ({ body }),
  encodeResponse: ({ body }) => body,
  readHead: () => ({ stream: false }),
  editRequest: () => ({ edits: [], usageInjected: false }),
  editResponse,
  summarize: () => ({}),
  stream: {
    decoder: () => new ResponsesDecoder(),
    encoder: (context) => new ResponsesEncoder(context),
    observer: (options) => new KeptObserver(options),
    endFrames: '',
    encodeError: (error) => encodeErrorFrame(error, 0),
  },
  decodeError,
  encodeError,
};
