/** Bytes that stand in many messages, and what they make of the checksum of the bytes before them. */
import { checksum } from './checksum.ts';

/**
 * The checksum behind the same bytes follows from the one before them bit by bit, each for itself: what each does is found
 * out once. Behind that, a run of any length takes four steps.
 */
export class FixedRun {
  readonly bytes: Buffer;
  #table: Int32Array | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** The checksum of what had the checksum `before`, and of these bytes behind it. */
  checksum(before: number): number {
    const table = (this.#table ??= effectsOf(this.bytes));
    return (
      ((table[before & 0xff] as number) ^
        (table[256 + ((before >>> 8) & 0xff)] as number) ^
        (table[512 + ((before >>> 16) & 0xff)] as number) ^
        (table[768 + (before >>> 24)] as number)) >>>
      0
    );
  }
}

/** What each value of each of the four bytes of a checksum becomes behind these bytes, one table behind the other. */
function effectsOf(bytes: Buffer): Int32Array {
  const table = new Int32Array(1024);
  const ofNone = checksum(bytes, 0, bytes.length);
  for (let bit = 0; bit < 32; bit++) {
    const ofBit = ofNone ^ checksum(bytes, 0, bytes.length, (1 << bit) >>> 0);
    const [first, mask] = [(bit >> 3) * 256, 1 << (bit & 7)];
    for (let byte = 0; byte < 256; byte++)
      if (byte & mask) table[first + byte] = (table[first + byte] as number) ^ ofBit;
  }
  for (let byte = 0; byte < 256; byte++) table[byte] = (table[byte] as number) ^ ofNone;
  return table;
}
