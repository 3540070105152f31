/** Translates the streams of sound and transcript: many deltas of one part, then one event that has the whole and the usage. */
import {
  GatewayError,
  type ChatEvent,
  type EventDecoder,
  type EventEncoder,
  type JsonObject,
  type Rest,
  type StreamCodec,
  type UpstreamError,
  type Usage,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { encodeErrorFrame } from '../error-body.ts';
import { isObject, textOf } from '../json-value.ts';
import { ownFields, restOf, unknownFields } from '../rest.ts';
import { errorInside, errorOfFrame } from '../upstream-error.ts';
import { typeOf, usageBlock, type EventForm } from './event-form.ts';
import { EventObserver } from './event-observer.ts';

/** The codec of a stream in one of the two forms. */
export function eventStream(form: EventForm): StreamCodec<'speech'> & StreamCodec<'transcription'> {
  return {
    decoder: () => new Decoder(form),
    encoder: () => new Encoder(form),
    observer: () => new EventObserver(form),
    // There is none: the last event says that it is the last.
    endFrames: '',
    encodeError: encodeErrorFrame,
  };
}

class Decoder implements EventDecoder<ChatEvent> {
  readonly #form: EventForm;
  #begun = false;

  constructor(form: EventForm) {
    this.#form = form;
  }

  push(frame: Frame): readonly ChatEvent[] {
    const { ascii } = frame;
    if (ascii === '') return [];
    if (ascii.startsWith('[DONE]')) return [{ type: 'end' }];
    const data = frame.event === 'error' ? textOrJson(frame) : frame.json();
    const error = frame.event === 'error' ? errorOfFrame(data) : isObject(data) ? errorInside(data) : undefined;
    if (error !== undefined) return [errorEvent(error)];
    if (!isObject(data)) throw new GatewayError('GW_UPSTREAM_INVALID', 'An event must be an object.');
    const type = typeOf(data);
    if (type === this.#form.delta) return this.#delta(data);
    if (type === this.#form.done) return this.#done(data);
    const event = frame.event === '' ? {} : { event: frame.event };
    return [...this.#begin(), { type: 'opaque', dialect: this.#form.dialect, value: data, ...event }];
  }

  end(): readonly ChatEvent[] {
    return [];
  }

  #begin(): ChatEvent[] {
    if (this.#begun) return [];
    this.#begun = true;
    return [
      { type: 'start', id: '', model: '' },
      { type: 'part-start', candidate: 0, index: 0, part: this.#form.part },
    ];
  }

  #delta(data: JsonObject): ChatEvent[] {
    const { dialect, field } = this.#form;
    const delta = this.#form.readDelta(textOf(data[field]) ?? '');
    const rest = restOf(unknownFields(data, new Set(['type', field])), dialect);
    return [
      ...this.#begin(),
      { type: 'part-delta', candidate: 0, index: 0, delta, ...(rest === undefined ? {} : { rest }) },
    ];
  }

  #done(data: JsonObject): ChatEvent[] {
    const rest = restOf(unknownFields(data, new Set(['type', 'text', 'usage'])), this.#form.dialect);
    const usage = this.#form.usage(data['usage']);
    return [
      ...this.#begin(),
      { type: 'part-end', candidate: 0, index: 0 },
      { type: 'stop', candidate: 0, stop: { reason: 'stop', ...(rest === undefined ? {} : { rest }) } },
      ...(usage === undefined ? [] : [{ type: 'usage', usage } as const]),
    ];
  }
}

/** The whole is written at the end: only then is it known. */
class Encoder implements EventEncoder<ChatEvent> {
  readonly #form: EventForm;
  #content = '';
  #stopped = false;
  #rest: Rest | undefined;
  #usage: Usage | undefined;

  constructor(form: EventForm) {
    this.#form = form;
  }

  push(event: ChatEvent): string {
    const { dialect, delta, field } = this.#form;
    switch (event.type) {
      case 'part-delta': {
        const content = this.#form.writeDelta(event.delta);
        this.#content += content;
        return frameOf({ type: delta, [field]: content, ...ownFields(event.rest, dialect) });
      }
      case 'opaque':
        return event.dialect === dialect && isObject(event.value) ? frameOf(event.value) : '';
      case 'stop':
        this.#stopped = true;
        this.#rest = event.stop.rest;
        return '';
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'end':
        return this.#done();
      default:
        return '';
    }
  }

  #done(): string {
    if (!this.#stopped) return '';
    const { dialect, done } = this.#form;
    const usage = this.#usage === undefined ? {} : { usage: usageBlock(this.#form, this.#usage) };
    return frameOf({
      type: done,
      ...this.#form.writeDone(this.#content),
      ...ownFields(this.#rest, dialect),
      ...usage,
    });
  }
}

function frameOf(data: JsonObject): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function textOrJson(frame: Frame): unknown {
  try {
    return frame.json();
  } catch {
    return frame.text();
  }
}

function errorEvent({ status, message, type, code }: UpstreamError): ChatEvent {
  return {
    type: 'error',
    status,
    message,
    ...(type === undefined ? {} : { errorType: type }),
    ...(code === undefined ? {} : { code }),
  };
}
