/** Gives a sink what came in one turn of the event loop in one piece, at its end: in step with all other replies. */
import { endOfTurn } from '../../in-step.ts';
import type { ReplySink } from '../../reply.ts';
import { join } from './gather.ts';

/** How much waits for the end of a turn, in bytes. Of a fast provider a turn reads megabytes, and the sink may want none of it. */
const MOST = 64 * 1024;

export class GatheredSink implements ReplySink {
  readonly #sink: ReplySink;
  #chunks: Buffer[] = [];
  #size = 0;
  #isWaiting = false;
  /** How the reply ended, where it has. */
  #over: Error | true | undefined = undefined;

  constructor(sink: ReplySink) {
    this.#sink = sink;
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < MOST) this.#wait();
    else this.pass();
  }

  end(): void {
    this.#over = true;
    this.#wait();
  }

  error(error: Error): void {
    this.#over = error;
    this.#wait();
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void endOfTurn().then(() => {
      this.#isWaiting = false;
      this.pass();
    });
  }

  /** Gives it now: whoever ends the reply from outside wants to have all that has come. */
  pass(): void {
    const [chunks, over] = [this.#chunks, this.#over];
    this.#chunks = [];
    this.#size = 0;
    this.#over = undefined;
    if (chunks.length > 0) this.#sink.data(join(chunks));
    if (over === true) this.#sink.end();
    else if (over !== undefined) this.#sink.error(over);
  }
}
