/** The service `state` of the primary process, as a worker uses it: an owner of holds of its own. */
import type { Notice } from '../board.ts';
import { isSameCounter } from '../counter.ts';
import { GatewayError } from '../errors.ts';
import type { Balance, Claim, Counter, Grant, Orphan, Posting, Reservation, SettleResult, State } from '../state.ts';
import {
  ClaimReader,
  ClaimWriter,
  receivedBill,
  receivedGrants,
  sentBill,
  sentGrants,
  type BillList,
  type ClaimList,
  type GrantList,
  type SentClaim,
} from './claim-wire.ts';
import { unreachable, type RemoteService, type Served, type ServiceLink } from './remote.ts';

/** A reservation whose refused claim is told by its place among those of the hold. */
type SentReservation =
  | { readonly ok: true; readonly grants: GrantList; readonly outage?: boolean }
  | {
      readonly ok: false;
      readonly index: number;
      readonly amount: bigint;
      readonly balance?: Balance;
      readonly retryAfter?: number;
    };

/** What a hold was asked for, and granted. */
interface Held<C> {
  readonly claims: readonly C[];
  readonly grants: readonly Grant[];
}

export const remoteState: RemoteService<State> = { serve, connect: (link) => new RemoteState(link) };

/** Throws `GW_PLUGIN_CONTRACT` where the state cannot have more than one owner. */
function serve(state: State, tell: (topic: string, value: unknown) => void): Served {
  if (state.forOwner === undefined) {
    const message = 'The service "state" knows only one owner of holds, so that workers cannot share it.';
    throw new GatewayError('GW_PLUGIN_CONTRACT', message, { help: 'Its plugin must give `State.forOwner`.' });
  }
  const owned = state.forOwner();
  const reader = new ClaimReader();
  /** The claims of holds: refusals and bills name them by their places. */
  const holds = new Map<string, Held<SentClaim>>();
  const following = new Map<string, () => void>();
  const reserved = (id: string, claims: readonly SentClaim[], reservation: Reservation): SentReservation => {
    if (reservation.ok) holds.set(id, { claims, grants: reservation.grants });
    return sent(reservation, claims);
  };
  const settle = (id: string, postings: readonly Posting[]): SettleResult | Promise<SettleResult> => {
    holds.delete(id);
    return owned.settleNow?.(id, postings) ?? owned.settle(id, postings);
  };
  const methods: Readonly<Record<string, (...args: never[]) => unknown>> = {
    reserve: (id: string, list: ClaimList, memo: string) => {
      const claims = reader.read(list);
      const hold = { id, claims, memo: () => memo };
      const now = owned.reserveNow?.(hold);
      if (now !== undefined) return reserved(id, claims, now);
      return owned.reserve(hold).then((reservation) => reserved(id, claims, reservation));
    },
    extend: async (id: string, amounts: readonly bigint[]) => {
      const claims = holds.get(id)?.claims ?? [];
      return sent(await owned.extend(id, amounts), claims);
    },
    settle: (id: string, bill: BillList) => {
      const hold = holds.get(id);
      return hold === undefined ? undefined : settle(id, receivedBill(bill, hold.claims, hold.grants));
    },
    bill: (id: string, postings: readonly Posting[]) => settle(id, postings),
    orphans: (most: number) => owned.orphans(most),
    reclaim: (id: string, postings: readonly Posting[]) => owned.reclaim(id, postings),
    balances: (counters: readonly Counter[]) => owned.balances(counters),
    post: (topic: string, key: string, value: string, ttl: number) => owned.board?.post(topic, key, value, ttl),
    follow: (topic: string) => {
      if (following.has(topic)) return;
      const stop = owned.board?.follow(topic, (notice) => tell(topic, notice));
      if (stop !== undefined) following.set(topic, stop);
    },
    unfollow: (topic: string) => {
      following.get(topic)?.();
      following.delete(topic);
    },
  };
  return {
    call: (method, args) => methods[method]?.(...(args as never[])),
    close: () => {
      for (const stop of following.values()) stop();
      owned.close();
    },
  };
}

function sent(reservation: Reservation, claims: readonly SentClaim[]): SentReservation {
  if (reservation.ok) {
    const grants = sentGrants(reservation.grants);
    return reservation.outage === undefined ? { ok: true, grants } : { ok: true, grants, outage: reservation.outage };
  }
  const { refused, balance, retryAfter } = reservation;
  const index = claims.findIndex((claim) => isSameCounter(claim, refused));
  return {
    ok: false,
    index,
    amount: refused.amount,
    ...(balance !== undefined && { balance }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

class RemoteState implements State {
  readonly board: NonNullable<State['board']>;
  readonly #link: ServiceLink;
  /** The claims of holds under way, with what the worker itself does with them. */
  readonly #held = new Map<string, Held<Claim>>();
  readonly #writer = new ClaimWriter();
  /** How many listen to a topic. */
  readonly #followers = new Map<string, number>();

  constructor(link: ServiceLink) {
    this.#link = link;
    this.board = {
      post: (topic, key, value, ttl) => this.#call('post', topic, key, value, ttl),
      follow: (topic, listener) => this.#follow(topic, listener),
    };
  }

  async reserve({ id, claims, memo }: Parameters<State['reserve']>[0]): Promise<Reservation> {
    // Asked for at once: when this process has died, nobody can ask it any more.
    const answer = await this.#call<SentReservation>('reserve', id, this.#writer.write(claims), memo());
    const reservation = received(answer, claims);
    if (reservation.ok) this.#held.set(id, { claims, grants: reservation.grants });
    return reservation;
  }

  async extend(id: string, amounts: readonly bigint[]): Promise<Reservation> {
    return received(await this.#call<SentReservation>('extend', id, amounts), this.#held.get(id)?.claims ?? []);
  }

  async settle(id: string, postings: readonly Posting[]): Promise<SettleResult> {
    const held = this.#held.get(id);
    this.#held.delete(id);
    const bill = held === undefined ? undefined : sentBill(postings, held.claims, held.grants);
    const settled = bill === undefined ? undefined : await this.#call<SettleResult | undefined>('settle', id, bill);
    return settled ?? this.#call('bill', id, postings);
  }

  orphans(most: number): Promise<readonly Orphan[]> {
    return this.#call('orphans', most);
  }

  reclaim(id: string, postings: readonly Posting[]): Promise<SettleResult> {
    return this.#call('reclaim', id, postings);
  }

  balances(counters: readonly Counter[]): Promise<readonly (Balance | undefined)[]> {
    return this.#call('balances', counters);
  }

  async #call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    try {
      return await this.#link.call<T>(method, ...args);
    } catch (error) {
      throw unreachable(error, 'GW_STATE_UNAVAILABLE', 'state');
    }
  }

  #follow(topic: string, listener: (notice: Notice) => void): () => void {
    const before = this.#followers.get(topic) ?? 0;
    this.#followers.set(topic, before + 1);
    const unlisten = this.#link.on(topic, listener);
    // One more listener has to hear what is up, too: following anew tells it, and those before once more.
    if (before > 0) this.#send('unfollow', topic);
    this.#send('follow', topic);
    return () => {
      unlisten();
      const left = (this.#followers.get(topic) ?? 1) - 1;
      this.#followers.set(topic, left);
      if (left === 0) this.#send('unfollow', topic);
    };
  }

  /** A board is for hints that may be lost. */
  #send(method: string, topic: string): void {
    this.#link.call(method, topic).catch(() => undefined);
  }
}

function received(answer: SentReservation, claims: readonly Claim[]): Reservation {
  if (answer.ok) return { ...answer, grants: receivedGrants(answer.grants) };
  const { ok, index, amount, ...rest } = answer;
  return { ok, refused: { ...(claims[index] as Claim), amount }, ...rest };
}
