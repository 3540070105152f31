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

/** A batch, and who waits for each of its answers. */
interface Gathered<Kind, Answer> {
  readonly batch: Kind;
  readonly waiting: Waiting<Answer>[];
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

  /** Asks with all others of this turn. Rejects where the script does, for every one of them. */
  ask(epoch: EpochKeys, asked: Asked): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const last = this.#gathered.at(-1);
      const takes = last !== undefined && last.batch.epoch === epoch && last.waiting.length < MOST;
      const taken = takes && last.batch.take(asked) ? last : this.#next(epoch);
      if (taken !== last && !taken.batch.take(asked)) throw new Error('It cannot be asked, not even alone.');
      taken.waiting.push({ resolve, reject });
    });
  }

  #next(epoch: EpochKeys): Gathered<Kind, Answer> {
    const next = { batch: this.#begin(epoch), waiting: [] };
    // What this turn has read from sockets is all asked by then, and nothing has waited for anything else. Not sooner, also where
    // there is enough for a script: the rows of what is settled are written when the step ends, and that must be before.
    if (this.#gathered.push(next) === 1) setImmediate(() => this.flush());
    return next;
  }

  /** Sends what is gathered. */
  flush(): void {
    const gathered = this.#gathered;
    this.#gathered = [];
    for (const { batch, waiting } of gathered) {
      // What could not be asked at all left it empty.
      if (waiting.length > 0) this.#ask(batch, waiting);
    }
  }

  #ask(batch: Kind, waiting: readonly Waiting<Answer>[]): void {
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
