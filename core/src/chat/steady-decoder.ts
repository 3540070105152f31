/** A decoder that parses one frame of a run of deltas, and reads the others by the form that it has learnt. */
import type { EventDecoder } from '../dialect.ts';
import type { Frame } from '../sse/frame.ts';
import { DeltaForm, type Meaningless } from './delta-form.ts';
import type { ChatEvent } from './event.ts';

/** After so many forms that no other frame had, there is nothing to learn from this stream. */
const PATIENCE = 4;

/**
 * Stands before a decoder in which deltas of text and reasoning change nothing: frames that bring no more than such a
 * delta may be kept from it. What it makes of the others is passed on.
 */
export class SteadyDecoder implements EventDecoder<ChatEvent> {
  readonly #inner: EventDecoder<ChatEvent>;
  readonly #meaningless: Meaningless;
  #form: DeltaForm | undefined;
  #used = false;
  #patience = PATIENCE;

  /** `meaningless`: members of the frames' JSON that say nothing of the delta and differ each time. */
  constructor(inner: EventDecoder<ChatEvent>, meaningless: Meaningless = {}) {
    this.#inner = inner;
    this.#meaningless = meaningless;
  }

  push(frame: Frame): readonly ChatEvent[] {
    const event = this.#form?.read(frame);
    if (event !== undefined) {
      this.#used = true;
      return [event];
    }
    const events = this.#inner.push(frame);
    this.#learn(frame, events);
    return events;
  }

  end(): readonly ChatEvent[] {
    return this.#inner.end();
  }

  /** A form holds for one run: behind any other frame the same bytes might mean something else. */
  #learn(frame: Frame, events: readonly ChatEvent[]): void {
    if (this.#form !== undefined) this.#patience = this.#used ? PATIENCE : this.#patience - 1;
    this.#used = false;
    this.#form = this.#patience > 0 ? DeltaForm.of(frame, events, this.#meaningless) : undefined;
  }
}
