/** What replicas tell each other: that a breaker has opened, and that it has closed. */
import type { Board, Clock } from '@gatewright/core';
import type { Breaker, Opening } from './breaker.ts';

export interface NoticeListener {
  readonly opening: (id: string, opening: Opening) => void;
  readonly closing: (id: string) => void;
}

const TOPIC = 'health';
/** How long it is up that a breaker has closed, in milliseconds: everybody has seen it by then. */
const CLOSED_FOR = 60_000;
/** Milliseconds after which a notice that could not be posted is tried again. */
const AGAIN = 1000;
/** A board takes keys of 200 characters; a name of a model that is longer stays with its own replica. */
const LONGEST_ID = 200;

interface Message {
  readonly from: string;
  readonly state: 'open' | 'closed';
  readonly opening?: Omit<Opening, 'left'>;
}

export class Notices {
  readonly #clock: Clock;
  readonly #listener: NoticeListener;
  readonly #self: string;
  readonly #retries = new Map<string, () => void>();
  #board: Board | undefined;
  #stop: () => void = () => undefined;

  constructor({ clock, newId }: { readonly clock: Clock; readonly newId: () => string }, listener: NoticeListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#self = newId();
  }

  /** Follows another board from now on; undefined for none. */
  follow(board: Board | undefined): void {
    if (board === this.#board) return;
    this.close();
    this.#board = board;
    if (board === undefined) return;
    this.#stop = board.follow(TOPIC, ({ key, value, left }) => this.#hear(key, value, left));
  }

  close(): void {
    this.#stop();
    this.#stop = () => undefined;
    this.#board = undefined;
    for (const cancel of this.#retries.values()) cancel();
    this.#retries.clear();
  }

  opened(breaker: Breaker): void {
    this.#tell(breaker.id, () => {
      const { opening } = breaker;
      if (opening === undefined || opening.left === 0) return undefined;
      const { id, reason, streak, left } = opening;
      return [{ from: this.#self, state: 'open', opening: { id, reason, streak } }, left];
    });
  }

  closed(breaker: Breaker): void {
    this.#tell(breaker.id, () => (breaker.isClosed ? [{ from: this.#self, state: 'closed' }, CLOSED_FOR] : undefined));
  }

  /** Posts what there is to say, again and again until it is posted or no longer true. */
  #tell(id: string, what: () => readonly [Message, number] | undefined): void {
    this.#retries.get(id)?.();
    this.#retries.delete(id);
    const board = this.#board;
    const said = board === undefined || id.length > LONGEST_ID ? undefined : what();
    if (board === undefined || said === undefined) return;
    const [message, ttl] = said;
    board.post(TOPIC, id, JSON.stringify(message), Math.max(1, ttl)).catch(() => {
      // What the state says of its own outage is in the log; this replica works by what it knows itself meanwhile.
      if (this.#board !== board || this.#retries.has(id)) return;
      this.#retries.set(
        id,
        this.#clock.after(AGAIN, () => this.#tell(id, what)),
      );
    });
  }

  #hear(id: string, value: string, left: number): void {
    const message = read(value);
    if (message === undefined || message.from === this.#self) return;
    if (message.state === 'closed') this.#listener.closing(id);
    else if (message.opening !== undefined) this.#listener.opening(id, { ...message.opening, left });
  }
}

/** Another version may say it otherwise: what is not understood is left alone. */
function read(value: string): Message | undefined {
  try {
    const message = JSON.parse(value) as Partial<Message> | null;
    const { opening } = message ?? {};
    if (message?.state === 'closed' && typeof message.from === 'string') return message as Message;
    if (message?.state !== 'open' || typeof message.from !== 'string') return undefined;
    const fits = typeof opening?.id === 'string' && typeof opening.reason === 'string' && opening.streak >= 0;
    return fits ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}
