/** Lets the parts of a stream out one after the other, for dialects in which they do not overlap. */
import type { PartDeltaEvent } from './event.ts';
import type { Part } from './part.ts';

/** A part that has begun while another is open. */
interface Waiting {
  readonly index: number;
  readonly part: Part;
  readonly deltas: PartDeltaEvent[];
  ended: boolean;
}

/**
 * Parts may be streamed side by side (parallel calls). The first one is written as it comes; what comes for others waits
 * until it ends.
 */
export abstract class PartQueue {
  /** Index of the open part; -1 where none is. */
  #open = -1;
  #waiting: Waiting[] = [];

  /** Begins a part. Answers false where it cannot be expressed: then none is open, and nothing more is told of it. */
  protected abstract begin(index: number, part: Part): boolean;

  /** Adds to the open part. */
  protected abstract add(event: PartDeltaEvent): void;

  /** Ends the open part. */
  protected abstract finish(): void;

  start(index: number, part: Part): void {
    if (this.#open < 0) this.#begin(index, part);
    else this.#waiting.push({ index, part, deltas: [], ended: false });
  }

  delta(event: PartDeltaEvent): void {
    if (event.index === this.#open) this.add(event);
    else this.#waitingFor(event.index)?.deltas.push(event);
  }

  end(index: number): void {
    if (index === this.#open) {
      this.#finish();
      return;
    }
    const waiting = this.#waitingFor(index);
    if (waiting !== undefined) waiting.ended = true;
  }

  /** The stream is over: every part ends, whether that was said or not. */
  close(): void {
    for (const waiting of this.#waiting) waiting.ended = true;
    if (this.#open >= 0) this.#finish();
  }

  #waitingFor(index: number): Waiting | undefined {
    return this.#waiting.find((waiting) => waiting.index === index);
  }

  #begin(index: number, part: Part): void {
    if (this.begin(index, part)) this.#open = index;
  }

  /** Ends the open part, and lets out those that waited, up to the first that has not ended. */
  #finish(): void {
    this.#open = -1;
    this.finish();
    while (this.#open < 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#begin(next.index, next.part);
      if (this.#open < 0) continue;
      for (const event of next.deltas) this.add(event);
      if (!next.ended) return;
      this.#open = -1;
      this.finish();
    }
  }
}
