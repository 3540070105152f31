/** Gathers what is asked of a ledger in one turn of the event loop, so that one script does all of it. */
import type { EpochKeys } from './keys.ts';
import type { Reply } from './script.ts';

/** Several things that one script does, each for itself. */
export interface Batch<Asked, Answer> {
  readonly epoch: EpochKeys;
  readonly size: number;
  /** Takes one more thing; false where it must wait for the next batch. An empty one takes anything. */
  take(asked: Asked): boolean;
  /** The keys and values behind meta and the epoch. */
  readonly keys: readonly string[];
  readonly values: readonly string[];
  /** The answers, one for each thing that was taken. */
  read(reply: Reply): readonly Answer[];
}

/** So many at once: Redis does nothing else while a script runs, and these take it some two milliseconds. */
const MOST = 64;

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Gathering<Asked, Answer, Kind extends Batch<Asked, Answer>> {
  readonly #begin: (epoch: EpochKeys) => Kind;
  readonly #send: (batch: Kind) => Promise<Reply>;
  #batch: Kind | undefined;
  #waiting: Waiting<Answer>[] = [];

  constructor(begin: (epoch: EpochKeys) => Kind, send: (batch: Kind) => Promise<Reply>) {
    this.#begin = begin;
    this.#send = send;
  }

  /** Asks with all others of this turn. Rejects where the script does, for every one of them. */
  ask(epoch: EpochKeys, asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const taken = this.#batch?.epoch === epoch && this.#batch.take(asked);
      if (!taken && !this.#next(epoch).take(asked)) throw new Error('It cannot be asked, not even alone.');
      this.#waiting.push({ resolve, reject });
      if (this.#waiting.length >= MOST) this.flush();
    });
  }

  #next(epoch: EpochKeys): Kind {
    this.flush();
    const batch = this.#begin(epoch);
    this.#batch = batch;
    // What this turn has read from sockets is all asked by then, and nothing has waited for anything else.
    setImmediate(() => {
      if (this.#batch === batch) this.flush();
    });
    return batch;
  }

  /** Sends what is gathered. */
  flush(): void {
    const [batch, waiting] = [this.#batch, this.#waiting];
    this.#batch = undefined;
    if (batch === undefined || waiting.length === 0) return;
    this.#waiting = [];
    this.#send(batch)
      .then((reply) => {
        const answers = batch.read(reply);
        for (let index = 0; index < waiting.length; index++) waiting[index]?.resolve(answers[index] as Answer);
      })
      .catch((error: unknown) => {
        for (const { reject } of waiting) reject(error);
      });
  }
}
