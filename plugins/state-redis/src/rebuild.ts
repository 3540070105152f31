/** Makes a ledger's counts again after Redis has lost them: from the store's sums, and the holds of those who live. */
import type { Clock, Journal, JournalPause, Logger, Posting, Store } from '@gatewright/core';
import type { Connection } from './connection.ts';
import { amountsText, kindOf, packClaims, spanOf } from './encode.ts';
import type { OwnHold } from './own-holds.ts';
import { counterOf, type RedisLedger } from './redis-ledger.ts';
import { SCRIPTS } from './scripts/index.ts';
import type { BudgetSeeds } from './seeds.ts';

/** Who takes part in a rebuild. */
export interface RebuildParty {
  readonly connection: Connection;
  readonly seeds: BudgetSeeds;
  readonly clock: Clock;
  readonly log: Logger;
  readonly owner: string;
  /** Milliseconds. */
  readonly lease: number;
  readonly remember: number;
  readonly journals: () => readonly Journal[];
  /** Bills that could not be posted yet. */
  readonly unsettled: () => readonly (readonly [id: string, postings: readonly Posting[]])[];
}

/** What a process knows of a ledger from before. */
export interface Before {
  /** The epoch in which its holds were taken; '' where it has just begun. */
  readonly known: string;
  /** That epoch has lost data, as an answer showed. */
  readonly lost: boolean;
  /** Other processes known to be alive. */
  readonly peers: readonly string[];
  /** Nobody has used the ledger before: there is nobody to wait for. */
  readonly fresh: boolean;
}

/** Milliseconds between two looks at how far the others are. */
const LOOK_AGAIN = 50;
/** The epoch of a store whose sums were never given to a state. */
const NEVER_RAISED = 1;

/** What a look at a ledger found. */
interface Standing {
  readonly epoch: string;
  readonly phase: string;
  /** The data is what this server's life has written. */
  readonly whole: boolean;
  readonly time: number;
  /** When its epoch began. */
  readonly raised: number;
}

export class Rebuild {
  readonly #party: RebuildParty;
  readonly #ledger: RedisLedger;
  readonly #before: Before;
  #known: string;

  constructor(party: RebuildParty, ledger: RedisLedger, before: Before) {
    this.#party = party;
    this.#ledger = ledger;
    this.#before = before;
    this.#known = before.known;
  }

  /** Answers the epoch that is open. */
  async run(): Promise<string> {
    const { lost, fresh } = this.#before;
    const found = await this.look();
    const same = found.epoch !== '' && (this.#known === '' || this.#known === found.epoch);
    if (found.whole && found.phase === '' && same && !lost) return found.epoch;
    if (!fresh) {
      const message = 'Redis has lost data, or is new: the counts of budgets and limits are made again.';
      this.#party.log.warn(message, { epoch: found.epoch, known: this.#known });
    }
    const pauses: JournalPause[] = [];
    try {
      // What nobody has used has no rows either.
      for (const journal of fresh ? [] : this.#party.journals()) pauses.push(await journal.pause());
      return await this.#steps(pauses, lost);
    } finally {
      for (const pause of pauses) pause.resume();
    }
  }

  async look(): Promise<Standing> {
    const [epoch = '', phase = '', whole, , time, raised = ''] = await this.#party.connection.run(
      SCRIPTS.look,
      [this.#ledger.keys.meta],
      [],
    );
    return { epoch, phase, whole: whole === '1', time: Number(time), raised: Number(raised) };
  }

  async #steps(pauses: readonly JournalPause[], lost: boolean): Promise<string> {
    let [phase, epoch] = await this.#join(lost);
    let asserted = '';
    let gathered = false;
    for (;;) {
      gathered ||= phase === 'gather';
      if (phase === 'assert' || phase === 'open') {
        if (asserted !== epoch && !gathered && this.#known !== '') await this.#postLate(epoch, pauses);
        if (asserted !== epoch) {
          await this.#assertAll(epoch, pauses);
          await this.#postHeldBack(epoch, pauses);
        }
        asserted = epoch;
        if (phase === 'open') return epoch;
      }
      if (phase === 'join') [phase, epoch] = await this.#join(false);
      else if (phase === 'raise') [phase, epoch] = await this.#advance(false, await this.#raise(epoch));
      else {
        if (phase === 'gather') await this.#wait(LOOK_AGAIN);
        [phase, epoch] = await this.#advance(asserted !== '' && asserted === epoch, '');
        if (phase === 'assert' && asserted === epoch) await this.#wait(LOOK_AGAIN);
      }
    }
  }

  async #join(lost: boolean): Promise<[phase: string, epoch: string]> {
    const { owner, lease, seeds, connection } = this.#party;
    const { meta, round } = this.#ledger.keys;
    const [gather, most] = await this.#patience(seeds.store, lease);
    const values = [owner, this.#known, lost ? '1' : '0', `${gather}`, `${most}`, ...this.#before.peers];
    const [phase = '', epoch = ''] = await connection.run(SCRIPTS.join, [meta, round], values);
    return [phase, epoch];
  }

  /** Without sums to begin from, or where there never was a state, there is nobody to wait for. */
  async #patience(store: Store | undefined, lease: number): Promise<[gather: number, most: number]> {
    if (store === undefined || this.#before.fresh) return [0, 0];
    if (this.#known === '' && (await store.epoch()) <= NEVER_RAISED) return [0, 0];
    // Whoever lives looks at least every third of a lease, and needs a moment to join.
    return [Math.ceil(lease / 3) + 2 * LOOK_AGAIN, Math.ceil(lease * 1.2)];
  }

  /** The new epoch: the store's, or, without one that is ahead of what was there, the time. */
  async #raise(before: string): Promise<string> {
    const { store } = this.#party.seeds;
    const behind = Math.max(Number(before), Number(this.#known));
    const raised = store === undefined ? 0 : await store.raiseEpoch(await store.epoch());
    return `${raised > behind ? raised : Math.max((await this.look()).time, behind + 1)}`;
  }

  async #advance(asserted: boolean, raised: string): Promise<[phase: string, epoch: string]> {
    const { owner, connection, lease } = this.#party;
    const { meta, round } = this.#ledger.keys;
    const values = [owner, asserted ? '1' : '0', raised, `${lease}`];
    const [phase = '', epoch = ''] = await connection.run(SCRIPTS.advance, [meta, round], values);
    return [phase, epoch];
  }

  /** Others have made the counts again without this process: what it brought to the store after that is not in them. */
  async #postLate(epoch: string, pauses: readonly JournalPause[]): Promise<void> {
    const { clock, log, seeds } = this.#party;
    if (!seeds.needed) return;
    const { time, raised } = await this.look();
    // An epoch of an earlier version does not say when it began.
    if (!(raised > 0)) return;
    const since = raised - (time - clock.now());
    const late = pauses.flatMap((pause) => pause.storedSince?.(since) ?? []);
    for (const { id, postings } of late) await this.#postOne(epoch, id, postings);
    if (late.length === 0) return;
    log.warn('Redis was rebuilt without this process; the bills that were missing are posted.', { bills: late.length });
  }

  /** What the rebuild of another ledger keeps from the store is in no sum, and was settled in counts that are lost. */
  async #postHeldBack(epoch: string, pauses: readonly JournalPause[]): Promise<void> {
    const { own, names, keys } = this.#ledger;
    for (const { id, postings } of pauses.flatMap((pause) => pause.heldBack?.() ?? [])) {
      if (own.get(id) !== undefined) continue;
      const known = postings.map((one) => names.find(one.scope, one.unit, one.window, one.name)?.budget);
      const claims = known.filter((claim) => claim !== undefined);
      if (claims.length === 0) continue;
      await this.#party.seeds.plant(this.#ledger, keys.of(epoch), claims);
      await this.#postOne(
        epoch,
        id,
        postings.filter((_one, index) => known[index] !== undefined),
      );
    }
  }

  async #postOne(epoch: string, id: string, postings: readonly Posting[]): Promise<void> {
    const { connection, remember } = this.#party;
    const names = this.#ledger.keys.of(epoch);
    const counters = postings.map(({ scope, unit, window, name }) => names.counter(scope, unit, window, name));
    const keys = [this.#ledger.keys.meta, names.hold(id), ...counters];
    const values = postings.flatMap(({ period, actual }) => [period, `${actual}`]);
    await connection.run(SCRIPTS.late, keys, [epoch, `${remember}`, ...values]);
  }

  /** Takes this process's holds again. Those whose bill is in the sums are only noted as settled. */
  async #assertAll(epoch: string, pauses: readonly JournalPause[]): Promise<void> {
    const ledger = this.#ledger;
    const keys = ledger.keys.of(epoch);
    const holds = ledger.own.all;
    const billed = (id: string): boolean => pauses.some((pause) => pause.has(id));
    const claims = holds.filter(({ id }) => !billed(id)).flatMap((hold) => hold.claims);
    await this.#party.seeds.plant(ledger, keys, claims);
    for (const hold of holds) await this.#assert(epoch, hold, billed(hold.id));
    for (const [id] of this.#party.unsettled()) {
      if (ledger.own.get(id) === undefined && billed(id))
        await this.#assert(epoch, { id, claims: [], parts: [], amounts: [], memo: '' }, true);
    }
    this.#known = epoch;
  }

  async #assert(epoch: string, { id, claims, parts, amounts, memo }: OwnHold, billed: boolean): Promise<void> {
    const { owner, connection, remember } = this.#party;
    const { meta } = this.#ledger.keys;
    const names = this.#ledger.keys.of(epoch);
    const keys = [meta, names.hold(id), names.holdsOf(owner), ...claims.map((claim) => counterOf(names, claim))];
    const values = [
      epoch,
      id,
      owner,
      memo,
      packClaims(claims),
      billed ? '1' : '0',
      `${remember}`,
      amountsText(amounts),
    ];
    for (const [index, { window, kind }] of claims.entries()) {
      const part = parts[index] ?? '';
      values.push(part, `${amounts[index] ?? 0n}`, kindOf(kind, window.kind, false), spanOf(window, part));
    }
    await connection.run(SCRIPTS.assert, keys, values);
  }

  #wait(time: number): Promise<void> {
    return new Promise((resolve) => this.#party.clock.after(time, resolve));
  }
}
