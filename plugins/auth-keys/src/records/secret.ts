/** The secrets of virtual keys: how they are made, and what of them is kept. */
import { hash, randomBytes } from 'node:crypto';

/** How every virtual key begins. */
export const PREFIX = 'sk-';

/** The longest credential that is looked at, in characters; what is longer is nobody's key. */
export const LONGEST = 256;

/** Keys that people choose themselves must have at least so many characters. */
export const SHORTEST_CHOSEN = 20;

/** A new secret: 32 random bytes behind the prefix. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** What is kept of a secret: the SHA-256 of the whole string, prefix included, in lower-case hex. */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** What people are shown of a key, to know it again: `sk-...wxyz`. */
export function shownOf(secret: string): string {
  return `${PREFIX}...${secret.slice(-4)}`;
}

/** Whether a credential could be a virtual key at all. Everything else is refused without asking the store. */
export function isKeyShaped(credential: string): boolean {
  return credential.length <= LONGEST && /^sk-[\x21-\x7e]+$/.test(credential);
}

/** Whether a text is what is kept of a secret. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
