/** Bindings that other processes are asked for: each remembers what it made, and answers for that over the state's board. */
import { createHash } from 'node:crypto';
import { bindingKey, type Binding, type Bindings } from '../bindings.ts';
import type { Board, Notice } from '../board.ts';
import type { Clock } from '../clock.ts';
import type { Awaitable } from '../hooks/points.ts';
import type { Logger } from '../logger.ts';

const ASKED = 'binding-asked';
const TOLD = 'binding-told';

/** How long an answer is waited for: a board tells within a second or so, and an unknown id takes as long. Milliseconds. */
const PATIENCE = 1_500;
/** How long questions and answers are up, in milliseconds. */
const UP = 5_000;

interface Question {
  readonly tenant: string;
  readonly id: string;
}

interface Waiting {
  readonly asked: Promise<Binding | undefined>;
  readonly tell: (binding: Binding | undefined) => void;
}

export class SharedBindings implements Bindings {
  readonly #own: Bindings;
  readonly #board: Board;
  readonly #clock: Clock;
  readonly #logger: () => Logger;
  readonly #waiting = new Map<string, Waiting & Question>();
  readonly #endings: readonly (() => void)[];

  constructor(own: Bindings, board: Board, clock: Clock, logger: () => Logger) {
    this.#own = own;
    this.#board = board;
    this.#clock = clock;
    this.#logger = logger;
    this.#endings = [
      board.follow(ASKED, (notice) => void this.#answer(notice)),
      board.follow(TOLD, (notice) => this.#hear(notice)),
    ];
  }

  find(tenant: string, id: string): Awaitable<Binding | undefined> {
    const known = this.#own.find(tenant, id);
    if (known instanceof Promise) return known.then((found) => found ?? this.#ask({ tenant, id }));
    return known ?? this.#ask({ tenant, id });
  }

  bind(tenant: string, id: string, binding: Binding): void {
    this.#own.bind(tenant, id, binding);
  }

  release(tenant: string, id: string): void {
    this.#own.release(tenant, id);
  }

  /** Nothing is asked or answered any more; whoever still waits is told that nothing is known. */
  close(): void {
    for (const end of this.#endings) end();
    for (const { tell } of this.#waiting.values()) tell(undefined);
  }

  #ask(question: Question): Promise<Binding | undefined> {
    const key = keyOf(question);
    const before = this.#waiting.get(key);
    if (before !== undefined) return before.asked;
    const { promise: asked, resolve } = Promise.withResolvers<Binding | undefined>();
    const cancel = this.#clock.after(PATIENCE, () => tell(undefined));
    const tell = (binding: Binding | undefined): void => {
      cancel();
      this.#waiting.delete(key);
      resolve(binding);
    };
    this.#waiting.set(key, { ...question, asked, tell });
    this.#post(ASKED, key, question, () => tell(undefined));
    return asked;
  }

  /** Somebody asks: himself, too, who knows nothing. */
  async #answer({ key, value }: Notice): Promise<void> {
    const { tenant, id } = JSON.parse(value) as Question;
    const known = await Promise.resolve(this.#own.find(tenant, id)).catch(() => undefined);
    if (known !== undefined) this.#post(TOLD, key, known, () => undefined);
  }

  #hear({ key, value }: Notice): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    const binding = JSON.parse(value) as Binding;
    this.#own.bind(waiting.tenant, waiting.id, binding);
    waiting.tell(binding);
  }

  #post(topic: string, key: string, value: unknown, failed: () => void): void {
    this.#board.post(topic, key, JSON.stringify(value), UP).catch((error: unknown) => {
      this.#logger().warn('Other processes could not be asked who made something.', { error });
      failed();
    });
  }
}

/** Short enough for a board, whatever the tenant and the id. */
function keyOf({ tenant, id }: Question): string {
  return createHash('sha256').update(bindingKey(tenant, id)).digest('base64url');
}
