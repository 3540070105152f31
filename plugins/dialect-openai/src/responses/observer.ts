/** Reads just enough of a passing stream of response events to know its content, usage, errors and end. */
import {
  Sight,
  type GatewayError,
  type JsonObject,
  type ObserverOptions,
  type StreamObserver,
  type Summary,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { encodeErrorFrame, failureOfEvent, isFailure } from './error-event.ts';
import { CALL_TYPES } from './response-decode.ts';
import { decodeStatus } from './status.ts';
import { decodeUsage } from './usage.ts';

/** Inside of JSON strings quotes are escaped, so that this is found in members only. */
const TYPE = /"type": ?"(response\.[\w.]+|error|keepalive)"/;
const SEQUENCE = /"sequence_number": ?(\d+)/;
const CALL = /"type": ?"(\w+)"/g;

/** Events that tell of the response as a whole. */
const LIFECYCLE: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

export class ResponsesObserver implements StreamObserver {
  readonly summary: Writable<Summary> = {};
  readonly #model: string | undefined;
  #begun = false;
  #called = false;
  /** The data of the last frame, for its number. */
  #last = '';

  constructor({ model }: ObserverOptions) {
    this.#model = model;
  }

  see(frame: Frame): number {
    const { ascii, event } = frame;
    if (ascii === '') return Sight.NOTHING;
    if (ascii.startsWith('[DONE]')) return Sight.END;
    this.#last = ascii;
    const type = event !== '' && event !== 'message' ? event : (TYPE.exec(ascii)?.[1] ?? '');
    if (type.endsWith('.delta')) return this.#piece(ascii);
    if (type === 'keepalive') return Sight.PING;
    if (type === '' || type === 'error' || LIFECYCLE.has(type)) return this.#read(frame, type);
    if (type === 'response.output_item.added') return this.#item(ascii);
    // What is said only at its end is content too.
    if (!this.#begun && /text\.done$|arguments\.done$|refusal\.done$/.test(type)) return this.#piece(ascii);
    return ascii.endsWith('}') ? Sight.NOTHING : Sight.MALFORMED;
  }

  fail(error: GatewayError): string {
    const number = SEQUENCE.exec(this.#last)?.[1];
    return encodeErrorFrame(error, number === undefined ? 0 : Number(number) + 1);
  }

  #piece(ascii: string): number {
    if (!ascii.endsWith('}')) return Sight.MALFORMED;
    if (this.#begun) return Sight.NOTHING;
    this.#begun = true;
    return Sight.CONTENT;
  }

  /** An item that is no message is content from its beginning. */
  #item(ascii: string): number {
    const types = [...ascii.matchAll(CALL)].map(([, type]) => type);
    if (types.some((type) => CALL_TYPES.has(type))) this.#called = true;
    return types.includes('message') ? Sight.NOTHING : this.#piece(ascii);
  }

  #read(frame: Frame, type: string): number {
    const event = parse(frame);
    if (!isObject(event)) {
      if (type !== 'error') return Sight.MALFORMED;
      this.summary.error = failureOfEvent({ message: frame.text() });
      return Sight.ERROR;
    }
    if (isFailure(type, event)) {
      this.summary.error = failureOfEvent(event);
      return Sight.ERROR;
    }
    const { response } = event;
    return isObject(response) ? this.#lifecycle(type, event, response, frame) : Sight.NOTHING;
  }

  #lifecycle(type: string, event: JsonObject, response: JsonObject, frame: Frame): number {
    const { summary } = this;
    const id = textOf(response['id']);
    if (id !== undefined) summary.id ??= id;
    const model = textOf(response['model']);
    if (model !== undefined) summary.model ??= model;
    const usage = decodeUsage(response['usage']);
    if (usage !== undefined) summary.usage = usage;
    let sight: number = Sight.NOTHING;
    if (type === 'response.completed' || type === 'response.incomplete') {
      const status = textOf(response['status']) ?? type.slice('response.'.length);
      summary.stop = decodeStatus(status, response['incomplete_details'], this.#called) ?? { reason: 'other' };
      sight = Sight.STOP | Sight.END;
    }
    if (this.#model === undefined || model === undefined || model === this.#model) return sight;
    frame.replacement = JSON.stringify({ ...event, response: { ...response, model: this.#model } });
    return sight | Sight.REPLACE;
  }
}

function parse(frame: Frame): unknown {
  try {
    return frame.json();
  } catch {
    return undefined;
  }
}
