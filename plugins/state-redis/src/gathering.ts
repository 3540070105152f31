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

/** Where the answer to one thing will be: among those of its batch, for which all who ask wait together. */
export interface Place<Answer> {
  /** Rejects where the script does. */
  readonly answers: Promise<readonly Answer[]>;
  readonly index: number;
}

/** A batch, and what will be answered to it. */
interface Gathered<Kind, Answer> {
  readonly batch: Kind;
  readonly answers: PromiseWithResolvers<readonly Answer[]>;
}

export class Gathering<Asked, Answer, Kind extends Batch<Asked, Answer>> {
  readonly #begin: (epoch: EpochKeys) => Kind;
  readonly #send: (batch: Kind) => Promise<Reply>;
  /** All of this turn; the last one takes more. */
  #gathered: Gathered<Kind, Answer>[] = [];

  constructor(begin: (epoch: EpochKeys) => Kind, send: (batch: Kind) => Promise<Reply>) {
    this.#begin = begin;
    this.#send = send;
  }

  /** Asks with all others of this turn. */
  ask(epoch: EpochKeys, asked: Asked): Place<Answer> {
    const { batch, answers } = this.#take(epoch, asked);
    return { answers: answers.promise, index: batch.size - 1 };
  }

  #take(epoch: EpochKeys, asked: Asked): Gathered<Kind, Answer> {
    const last = this.#gathered.at(-1);
    if (last !== undefined && last.batch.epoch === epoch && last.batch.size < MOST && last.batch.take(asked))
      return last;
    const next = this.#next(epoch);
    if (!next.batch.take(asked)) throw new Error('It cannot be asked, not even alone.');
    return next;
  }

  #next(epoch: EpochKeys): Gathered<Kind, Answer> {
    const next = { batch: this.#begin(epoch), answers: Promise.withResolvers<readonly Answer[]>() };
    // What this turn has read from sockets is all asked by then, and nothing has waited for anything else. Not sooner, also where
    // there is enough for a script: the rows of what is settled are written when the step ends, and that must be before.
    if (this.#gathered.push(next) === 1) setImmediate(() => this.flush());
    return next;
  }

  /** Sends what is gathered. */
  flush(): void {
    const gathered = this.#gathered;
    this.#gathered = [];
    for (const { batch, answers } of gathered) {
      // What could not be asked at all left it empty.
      if (batch.size === 0) continue;
      this.#send(batch)
        .then((reply) => answers.resolve(batch.read(reply)))
        .catch(answers.reject);
    }
  }
}
