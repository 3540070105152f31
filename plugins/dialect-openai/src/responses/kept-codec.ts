/** The codec of requests for responses that their provider keeps: all of it passes as it is. */
import {
  GatewayError,
  Sight,
  type Codec,
  type ObserverOptions,
  type StreamObserver,
  type Summary,
  type Usage,
} from '@gatewright/core';
import type { Frame, Outline } from '@gatewright/core/wire';
import { editResponse } from '../edits.ts';
import { textOf } from '../json-value.ts';
import { encodeError } from '../error-body.ts';
import { decodeError } from '../upstream-error.ts';
import { encodeErrorFrame } from './error-event.ts';
import { ResponsesObserver } from './observer.ts';
import { isOpen } from './status.ts';
import { ResponsesDecoder } from './stream-decoder.ts';
import { ResponsesEncoder } from './stream-encoder.ts';
import { decodeUsage } from './usage.ts';

/** Sees where a repeated stream ends. How it failed is what was asked. */
class KeptObserver implements StreamObserver {
  readonly #inner: ResponsesObserver;

  /** What is told before the end is not all of it. */
  get summary(): Summary {
    const { id, usage, stop } = this.#inner.summary;
    return stop === undefined ? {} : madeOf(id, usage);
  }

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

/** What an answer used when it was made: its id says which. */
const madeOf = (id: string | undefined, usage: Usage | undefined): Summary =>
  id === undefined || usage === undefined ? {} : { id, usage };

/** Of an answer that is over; lists of its input and what was deleted have no usage. */
function summarize(body: Outline): Summary {
  if (body.value('object') !== 'response' || isOpen(body.value('status'))) return {};
  return madeOf(textOf(body.value('id')), decodeUsage(body.value('usage')));
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
  summarize,
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
