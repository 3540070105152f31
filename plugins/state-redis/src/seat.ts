/** A ledger as one process uses it: in which epoch it was, and how it comes back in after a loss. */
import type { LedgerKeys } from './keys.ts';
import { Rebuild, type RebuildParty } from './rebuild.ts';
import { RedisLedger, type LedgerHouse } from './redis-ledger.ts';
import { SCRIPTS } from './scripts/index.ts';
import { sweep } from './sweep.ts';
import { told } from './told.ts';

export class Seat {
  readonly ledger: RedisLedger;
  readonly #party: RebuildParty;
  #peers: readonly string[] = [];
  #known = '';
  #lost = false;
  #opening: Promise<void> | undefined;
  /** When the lease was last said, on this process's own clock, milliseconds. */
  #renewed = 0;

  constructor(house: LedgerHouse, party: RebuildParty, keys: LedgerKeys) {
    this.ledger = new RedisLedger(house, keys);
    this.#party = party;
  }

  /** Whether this process has been in it before. */
  get known(): boolean {
    return this.#known !== '';
  }

  /** Stops working until it is opened again. `lost`: data is missing, not only the connection. */
  leave(lost: boolean): void {
    this.#lost ||= lost;
    this.ledger.leave();
  }

  /**
   * Looks what is there, makes it whole where something is missing, and goes on. Once for all who ask at the same time.
   * `fresh`: nobody has used it before.
   */
  open(fresh = false): Promise<void> {
    this.#opening ??= this.#enter(fresh).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Says that this process lives, and learns who else does. */
  async renew(): Promise<void> {
    const { owner, lease, clock } = this.#party;
    this.#renewed = clock.monotonic();
    const [, , , ...alive] = await this.ledger.run(SCRIPTS.renew, ({ owners }) => [owners], [owner, `${lease}`]);
    this.#peers = alive.filter((one) => one !== owner);
  }

  /** Says it once more where it was last said long ago, as nothing was held. */
  async keep(): Promise<void> {
    const { lease, clock } = this.#party;
    if (clock.monotonic() - this.#renewed > lease / 2) await this.renew();
  }

  /** Leaves for good. Holds that are not settled go to `orphans` when the lease ends. */
  async forget(): Promise<void> {
    const { owner } = this.#party;
    await this.ledger.run(SCRIPTS.forget, (keys) => [keys.owners, keys.holdsOf(owner)], [owner, '1']);
  }

  async #enter(fresh: boolean): Promise<void> {
    const known = this.#known;
    const before = { known, lost: this.#lost, peers: this.#peers, fresh };
    const epoch = await new Rebuild(this.#party, this.ledger, before).run();
    this.#lost = false;
    this.#known = epoch;
    this.ledger.enter(epoch);
    await this.renew();
    if (known !== '' && known !== epoch) this.#sweep(epoch);
  }

  #sweep(epoch: string): void {
    const { connection, log } = this.#party;
    sweep(connection.client, this.ledger.keys, epoch).catch((error: unknown) => {
      log.warn('What earlier epochs have left in Redis could not be removed.', { error: told(error) });
    });
  }
}
