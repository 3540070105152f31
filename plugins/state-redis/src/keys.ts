/** The names of the keys of one ledger: all under one hash tag, so that they are in one slot of a cluster. */
import type { ClaimWindow } from '@gatewright/core';
import { counterKey } from '@gatewright/state-memory';

/** The keys of one epoch of a ledger. */
export interface EpochKeys {
  readonly epoch: string;
  /** When the lease of each owner ends. */
  readonly owners: string;
  /** Which tags scopes have. */
  readonly directory: string;
  /** The tags of all ledgers that were opened. */
  readonly tags: string;
  /** The tags of the ledgers in which an owner may have holds. */
  tagsOf(owner: string): string;
  holdsOf(owner: string): string;
  hold(id: string): string;
  /** How many bytes of a hold's key come before its id. */
  readonly beforeId: number;
  counter(scope: string, unit: string, kind: ClaimWindow['kind'], name: string): string;
}

export class LedgerKeys {
  /** Epoch, sequence, clock, phase. */
  readonly meta: string;
  /** Who takes part in a rebuild. */
  readonly round: string;
  readonly #start: string;

  constructor(prefix: string, tag: string) {
    this.#start = `${prefix}:{${tag.replaceAll(/[{}%]/g, encodeURIComponent)}}`;
    this.meta = `${this.#start}:meta`;
    this.round = `${this.#start}:round`;
  }

  /** The keys of an epoch. What an earlier one left is never read again. */
  of(epoch: string): EpochKeys {
    const start = `${this.#start}:${epoch}`;
    return {
      epoch,
      owners: `${start}:owners`,
      directory: `${start}:directory`,
      tags: `${start}:tags`,
      tagsOf: (owner) => `${start}:t:${owner}`,
      holdsOf: (owner) => `${start}:o:${owner}`,
      hold: (id) => `${start}:h:${id}`,
      beforeId: Buffer.byteLength(`${start}:h:`),
      counter: (scope, unit, kind, name) => `${start}:c:${counterKey(scope, unit, kind, name)}`,
    };
  }

  /** A pattern for SCAN that finds all keys of the ledger, and whether one of them is of an epoch before the given one. */
  get pattern(): string {
    return `${this.#start.replaceAll(/[\\*?[\]]/g, '\\$&')}:*`;
  }

  isBefore(key: string, epoch: string): boolean {
    const number = /^:(\d+):/.exec(key.slice(this.#start.length))?.[1];
    return number !== undefined && Number(number) < Number(epoch);
  }
}
