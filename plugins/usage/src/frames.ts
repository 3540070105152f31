/** The frames of a journal: length and CRC-32 (both little-endian, 4 bytes), then the text. */
import { crc32 } from 'node:zlib';

/** Bytes of the head of a frame. */
export const HEAD = 8;

/** What is written at once has some tens of kilobytes; what claims to be longer than this is no length. */
const LONGEST = 64 * 1024 * 1024;

/** Makes a frame of bytes that have room for the head before a text that is not empty. */
export function frame(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(bytes.length - HEAD, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEAD)), 4);
  return bytes;
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
