/** Hashes of texts and bytes: to choose by, not to protect anything. */

/** FNV-1a's start and prime, 32 bits (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv). */
export const START = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a over the UTF-16 units of a text, as a signed 32-bit number. */
export function hashText(text: string, start = START): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}

/** The same over bytes, four at a time: a prompt's beginning is long. */
export function hashBytes(bytes: Buffer, from: number, to: number, start = START): number {
  let hash = start;
  let at = from;
  for (; at + 4 <= to; at += 4) hash = mix(Math.imul(hash ^ bytes.readInt32LE(at), PRIME));
  for (; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), PRIME);
  return hash;
}

/** Two hashes as a number above 0 and up to 1, evenly spread. */
export function unitOf(one: number, other = 0): number {
  return ((mix(Math.imul(one, 0x9e3779b1) ^ mix(other)) >>> 0) + 1) / 2 ** 32;
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the output's (https://github.com/aappleby/smhasher). */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
