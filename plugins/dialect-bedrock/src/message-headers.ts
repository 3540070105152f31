/** Reads the headers of a message of the binary event stream. */
import { STRING } from './message.ts';

/** The type of a byte array; like a string it has its length before it. */
const BYTES = 6;

/** How many bytes a value of a type has: true, false, byte, short, int, long, then timestamp and UUID. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 8],
  [8, 8],
  [9, 16],
]);

/** The headers with string values between two offsets. Throws RangeError where they are not well formed. */
export function readHeaders(bytes: Buffer, start: number, end: number): Map<string, string> {
  const headers = new Map<string, string>();
  let at = start;
  while (at < end) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const name = bytes.toString('latin1', at + 1, nameEnd);
    const type = bytes.readUInt8(nameEnd);
    at = nameEnd + 1;
    if (type === STRING || type === BYTES) {
      const valueEnd = at + 2 + bytes.readUInt16BE(at);
      if (type === STRING) headers.set(name, bytes.toString('utf8', at + 2, valueEnd));
      at = valueEnd;
    } else at += sizeOf(type);
  }
  if (at !== end) throw new RangeError('A header is longer than the headers.');
  return headers;
}

function sizeOf(type: number): number {
  const size = SIZES.get(type);
  if (size === undefined) throw new RangeError(`A header has the type ${type}, which there is not.`);
  return size;
}
