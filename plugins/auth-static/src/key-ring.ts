/** The keys of the configuration, found by credential in a time that tells nothing about them. */
import { hash, randomBytes } from 'node:crypto';
import type { Identity } from '@gatewright/core';

export class KeyRing {
  readonly #salt = randomBytes(32).toString('hex');
  readonly #identities = new Map<string, Identity>();

  /** How many keys there are. */
  get size(): number {
    return this.#identities.size;
  }

  /** Takes a key in; only its digest is kept. */
  add(key: string, identity: Identity): void {
    this.#identities.set(this.#digest(key), identity);
  }

  /** Whose credential it is; undefined for one that is not on the ring. */
  find(credential: string): Identity | undefined {
    return this.#identities.get(this.#digest(credential));
  }

  // A map's look-up takes a time that depends on what is looked up. Here that is a digest over a secret that only this
  // process knows, so a caller can neither choose nor predict it, and the time says nothing about any key. It also costs
  // the same for one key and for ten thousand, which a timingSafeEqual over all of them does not.
  #digest(text: string): string {
    return hash('sha256', this.#salt + text, 'hex');
  }
}
