/** The frames of a journal: length and CRC-32 (both little-endian, 4 bytes), then the text. */
import { crc32 } from 'node:zlib';

const HEAD = 8;

/** A row is a few hundred bytes; what claims to be longer than this is no length. */
const LONGEST = 16 * 1024 * 1024;

let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** The frame of a text that is not empty. Its bytes are good until the next one is asked for. */
export function frame(text: string): Buffer {
  // A character takes three bytes at most.
  const most = HEAD + 3 * text.length;
  if (most > scratch.length) scratch = Buffer.allocUnsafeSlow(most);
  const length = scratch.write(text, HEAD);
  scratch.writeUInt32LE(length, 0);
  scratch.writeUInt32LE(crc32(text), 4);
  return scratch.subarray(0, HEAD + length);
}

export interface Frames {
  readonly texts: readonly string[];
  /** Stretches of bytes that are no frame and stand before others. */
  readonly bad: number;
  /** Bytes at the end that are no whole frame: the process was stopped while it wrote. */
  readonly torn: number;
}

/** Reads all frames; what is no frame between them is stepped over. */
export function readFrames(bytes: Buffer): Frames {
  const texts: string[] = [];
  let bad = 0;
  let at = 0;
  while (at < bytes.length) {
    const end = endOfFrame(bytes, at);
    if (end !== undefined) {
      texts.push(bytes.toString('utf8', at + HEAD, end));
      at = end;
      continue;
    }
    const next = nextFrame(bytes, at + 1);
    if (next === undefined) return { texts, bad, torn: bytes.length - at };
    bad++;
    at = next;
  }
  return { texts, bad, torn: 0 };
}

/** Where the frame that begins here ends; undefined where none does. No frame is empty. */
function endOfFrame(bytes: Buffer, at: number): number | undefined {
  const start = at + HEAD;
  if (start > bytes.length) return undefined;
  const length = bytes.readUInt32LE(at);
  const end = start + length;
  if (length === 0 || length > LONGEST || end > bytes.length) return undefined;
  return crc32(bytes.subarray(start, end)) === bytes.readUInt32LE(at + 4) ? end : undefined;
}

function nextFrame(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at + HEAD < bytes.length; at++) if (endOfFrame(bytes, at) !== undefined) return at;
  return undefined;
}
