/** A decoder that parses one frame of a run of deltas, and reads the others by the form that it has learnt. */
import type { EventDecoder } from '../dialect.ts';
import type { Frame } from '../sse/frame.ts';
import { DeltaForm, type TextDelta } from './delta-form.ts';
import type { ChatEvent } from './event.ts';

/** After so many forms that no other frame had, there is nothing to learn from this stream. */
const PATIENCE = 4;

/** A decoder in which deltas of text and reasoning change nothing, or no more than it can be told afterwards. */
export interface SteadyInner extends EventDecoder<ChatEvent> {
  /** Told of a delta that was read without it; the one before belonged to the same part. */
  passed?(event: TextDelta): void;
}

/**
 * Stands before a decoder: frames that bring no more than a delta of text or reasoning may be kept from it. What it makes
 * of the others is passed on.
 */
export class SteadyDecoder implements EventDecoder<ChatEvent> {
  readonly #inner: SteadyInner;
  readonly #varying: readonly string[];
  #form: DeltaForm | undefined;
  #used = false;
  #patience = PATIENCE;
  passing: TextDelta | undefined = undefined;

  /** `varying`: names of members that say nothing of the delta, and have another number or string each time. */
  constructor(inner: SteadyInner, varying: readonly string[] = []) {
    this.#inner = inner;
    this.#varying = varying;
  }

  push(frame: Frame): readonly ChatEvent[] {
    const event = this.#form?.read(frame);
    if (event !== undefined) {
      this.#used = true;
      this.#inner.passed?.(event);
      return [event];
    }
    const events = this.#inner.push(frame);
    this.#learn(frame, events);
    return events;
  }

  passes(ascii: string, at: number): number {
    const form = this.#form;
    const end = form?.passes(ascii, at) ?? -1;
    if (form?.passed === undefined || end < 0) return -1;
    this.#used = true;
    this.passing = form.passed;
    this.#inner.passed?.(form.passed);
    return end;
  }

  end(): readonly ChatEvent[] {
    return this.#inner.end();
  }

  /** A form holds for one run: behind any other frame the same bytes might mean something else. */
  #learn(frame: Frame, events: readonly ChatEvent[]): void {
    if (this.#form !== undefined) this.#patience = this.#used ? PATIENCE : this.#patience - 1;
    this.#used = false;
    this.#form = this.#patience > 0 ? DeltaForm.of(frame, events, this.#varying) : undefined;
  }
}
