/** Reads just enough of a passing stream of sound or transcript to know its content, usage, errors and end. */
import { Sight, type StreamObserver, type Summary } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { isObject, type Writable } from '../json-value.ts';
import { errorInside, errorOfFrame } from '../upstream-error.ts';
import { typeOf, type EventForm } from './event-form.ts';

export class EventObserver implements StreamObserver {
  readonly summary: Writable<Summary> = {};
  readonly #form: EventForm;
  /** How the provider's deltas begin: they are many, and one that begins so needs no parsing. */
  readonly #mark: string;

  constructor(form: EventForm) {
    this.#form = form;
    this.#mark = `{"type":"${form.delta}"`;
  }

  see(frame: Frame): number {
    const { ascii } = frame;
    if (ascii === '') return Sight.NOTHING;
    if (ascii.startsWith(this.#mark) && ascii.endsWith('}')) return Sight.CONTENT;
    if (ascii.startsWith('[DONE]')) return Sight.END;
    let data: unknown;
    try {
      data = frame.json();
    } catch {
      return this.#fail(frame, ascii) ?? Sight.MALFORMED;
    }
    return this.#fail(frame, data) ?? this.#read(data);
  }

  #read(data: unknown): number {
    if (!isObject(data)) return Sight.MALFORMED;
    if (typeOf(data) !== this.#form.done) return typeOf(data) === '' ? Sight.NOTHING : Sight.CONTENT;
    const usage = this.#form.usage(data['usage']);
    if (usage !== undefined) this.summary.usage = usage;
    this.summary.stop = { reason: 'stop' };
    return Sight.CONTENT | Sight.STOP;
  }

  #fail(frame: Frame, data: unknown): number | undefined {
    const error = frame.event === 'error' ? errorOfFrame(data) : isObject(data) ? errorInside(data) : undefined;
    if (error === undefined) return undefined;
    this.summary.error = error;
    return Sight.ERROR;
  }
}
