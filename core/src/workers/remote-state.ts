/** The service `state` of the primary process, as a worker uses it: an owner of holds of its own. */
import type { Notice } from '../board.ts';
import { GatewayError } from '../errors.ts';
import type {
  Balance,
  Claim,
  Counter,
  HoldRequest,
  Orphan,
  Posting,
  Reservation,
  SettleResult,
  State,
} from '../state.ts';
import { ClaimWriter, isBillOf, type SentClaim } from './claim-wire.ts';
import { Held } from './held.ts';
import { unreachable, type RemoteService, type Served, type ServiceLink } from './remote.ts';
import { received, Round, type SentReservation } from './round.ts';
import { RoundDesk } from './round-desk.ts';

export const remoteState: RemoteService<State> = { serve, connect: (link) => new RemoteState(link) };

/** Throws `GW_PLUGIN_CONTRACT` where the state cannot have more than one owner. */
function serve(state: State, tell: (topic: string, value: unknown) => void): Served {
  if (state.forOwner === undefined) {
    const message = 'The service "state" knows only one owner of holds, so that workers cannot share it.';
    throw new GatewayError('GW_PLUGIN_CONTRACT', message, { help: 'Its plugin must give `State.forOwner`.' });
  }
  const owned = state.forOwner();
  const desk = new RoundDesk(owned);
  const following = new Map<string, () => void>();
  const methods: Readonly<Record<string, (...args: never[]) => unknown>> = {
    reserve: (number: number, id: string, claims: readonly SentClaim[], memo: string) =>
      desk.reserve(number, id, claims, memo),
    extend: (number: number, id: string, amounts: readonly bigint[]) => desk.extend(number, id, amounts),
    bill: (number: number, id: string, postings: readonly Posting[]) => desk.bill(number, id, postings),
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
    answer: (questions, answers) => desk.answer(questions, answers),
    close: () => {
      for (const stop of following.values()) stop();
      owned.close();
    },
  };
}

/** The number of a hold that the worker does not know. */
const NO_HOLD = -1;

class RemoteState implements State {
  readonly board: NonNullable<State['board']>;
  readonly #link: ServiceLink;
  readonly #held = new Held();
  readonly #claims = new ClaimWriter();
  /** What is asked for in this step. */
  #round: Round | undefined;
  /** How many listen to a topic. */
  readonly #followers = new Map<string, number>();

  constructor(link: ServiceLink) {
    this.#link = link;
    this.board = {
      post: (topic, key, value, ttl) => this.#call('post', topic, key, value, ttl),
      follow: (topic, listener) => this.#follow(topic, listener),
    };
  }

  reserve(hold: HoldRequest): Promise<Reservation> {
    return this.#now().reserve(hold, (number) => this.#reserveAlone(number, hold));
  }

  async #reserveAlone(number: number, { id, claims, memo }: HoldRequest): Promise<Reservation> {
    try {
      const answer = await this.#call<SentReservation>('reserve', number, id, claims.map(sentClaim), memo());
      const reservation = received(answer, claims);
      if (reservation.ok) this.#held.add(id, number, claims, reservation.grants);
      else this.#held.refused(number);
      return reservation;
    } catch (error) {
      this.#held.refused(number);
      throw error;
    }
  }

  async extend(id: string, amounts: readonly bigint[]): Promise<Reservation> {
    const { number = NO_HOLD, claims = [] } = this.#held.get(id) ?? {};
    return received(await this.#call<SentReservation>('extend', number, id, amounts), claims);
  }

  settle(id: string, bill: readonly Posting[]): Promise<SettleResult> {
    const held = this.#held.get(id);
    const alone = (): Promise<SettleResult> => this.#call('bill', held?.number ?? NO_HOLD, id, bill);
    if (held === undefined) return alone();
    const usual = isBillOf(bill, held.claims, held.grants);
    this.#held.delete(id);
    return usual ? this.#now().settle(held.number, bill, alone) : alone();
  }

  /** The round of this step; it goes when all who run in it have come as far as they can. */
  #now(): Round {
    if (this.#round === undefined) {
      this.#round = new Round(this.#link.frame(), this.#claims, this.#held);
      process.nextTick(() => this.#go());
    }
    return this.#round;
  }

  #go(): void {
    const round = this.#round as Round;
    this.#round = undefined;
    this.#link.ask(
      round.frame,
      (answer) => round.answer(answer),
      (error) => round.fail(unreachable(error, 'GW_STATE_UNAVAILABLE', 'state')),
    );
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

/** Without what only this process can do with it. */
function sentClaim({ scope, unit, window, kind, limit, outage, label, whenShort, amount }: Claim): SentClaim {
  return { scope, unit, window, kind, limit, outage, label, whenShort, amount };
}
