/** Gives a sink what came in one turn of the event loop in one piece, at its end: in step with all other replies. */
import { endOfTurn } from '../../in-step.ts';
import type { ReplySink } from '../../reply.ts';
import { join } from './gather.ts';

export class GatheredSink implements ReplySink {
  readonly #sink: ReplySink;
  #chunks: Buffer[] = [];
  #isWaiting = false;
  /** How the reply ended, where it has. */
  #over: Error | true | undefined = undefined;

  constructor(sink: ReplySink) {
    this.#sink = sink;
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#wait();
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
    this.#over = undefined;
    if (chunks.length > 0) this.#sink.data(join(chunks));
    if (over === true) this.#sink.end();
    else if (over !== undefined) this.#sink.error(over);
  }
}
