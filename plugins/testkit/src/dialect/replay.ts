/** Replays the bytes of a stream, cut in one way or another, and notes what a codec makes of them. */
import type { ChatEvent, StreamCodec, Summary } from '@gatewright/core';
import { SseSplitter, type Frame } from '@gatewright/core/wire';

/** All that is made of a stream. */
export interface Replay {
  readonly events: readonly ChatEvent[];
  /** What the observer saw in each frame. */
  readonly sights: readonly number[];
  readonly summary: Summary;
}

/** Where bytes are cut: the offsets of the cuts. */
export type Cuts = (length: number) => readonly number[];

export const WHOLE: Cuts = () => [];
export const EVERY_BYTE: Cuts = (length) => Array.from({ length: Math.max(0, length - 1) }, (_, index) => index + 1);

/** The same cuts for the same seed. */
export function atRandom(seed: number): Cuts {
  return (length) => {
    let state = seed;
    const cuts: number[] = [];
    for (let at = 0; at < length;) {
      // A linear congruential generator (Numerical Recipes, §7.1): plenty for places to cut at.
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      at += 1 + (state % 61);
      if (at < length) cuts.push(at);
    }
    return cuts;
  };
}

/** Throws what the codec throws. `ended`: whether the decoder is told that the bytes have ended. */
export function replay(codec: StreamCodec, bytes: Buffer, cuts: Cuts = WHOLE, ended = true): Replay {
  const decoder = codec.decoder();
  const observer = codec.observer({ dropUsage: false });
  const events: ChatEvent[] = [];
  const sights: number[] = [];
  const take = (frame: Frame): void => {
    sights.push(observer.see(frame));
    events.push(...decoder.push(frame));
  };
  const splitter = codec.splitter?.(take) ?? new SseSplitter(take);
  let start = 0;
  for (const end of [...cuts(bytes.length), bytes.length]) {
    // A copy: nothing may rest on bytes that lie beside each other, or stay as they are.
    const piece = Buffer.from(bytes.subarray(start, end));
    splitter.push(piece);
    start = end;
  }
  splitter.end();
  if (ended) events.push(...decoder.end());
  return { events, sights, summary: observer.summary };
}
