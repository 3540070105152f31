/** Hashes of texts and bytes: to choose by, not to protect anything. */
import { codeAt } from '@gatewright/core/wire';

/** FNV-1a's start and prime, 32 bits (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv). */
export const START = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a over the UTF-16 units of a text, as a signed 32-bit number. */
export function hashText(text: string, start = START): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ codeAt(text, at), PRIME);
  return hash;
}

/** Bytes are hashed out of here, where they stand aligned and can be read four at a time. */
const block = Buffer.alloc(4096);
const words = new Int32Array(block.buffer, block.byteOffset, block.length / 4);

/** MurmurHash3 over bytes, with the last ones that make no whole word as FNV-1a: a prompt's beginning is long. */
export function hashBytes(bytes: Buffer, from: number, to: number, start = START): number {
  let hash = start;
  for (let at = from; at < to; at += block.length) {
    const length = bytes.copy(block, 0, at, Math.min(to, at + block.length));
    const whole = length >> 2;
    for (let word = 0; word < whole; word++) {
      const scrambled = Math.imul(words[word] as number, 0xcc9e2d51);
      hash ^= Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
    for (let last = whole * 4; last < length; last++) hash = Math.imul(hash ^ (block[last] as number), PRIME);
  }
  return hash;
}

/** Two hashes as a number above 0 and up to 1, evenly spread. */
export function unitOf(one: number, other = 0): number {
  return ((mix(Math.imul(one, 0x9e3779b1) ^ other) >>> 0) + 1) / 2 ** 32;
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the output's (https://github.com/aappleby/smhasher). */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
