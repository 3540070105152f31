/** Replies, read to their end. */
import type { WireReply } from '@gatewright/core';

/** All that came of a reply. */
export interface Outcome {
  readonly bytes: Buffer;
  /** What it ended with, where it did not end well. */
  readonly error?: Error;
}

/** Reads a reply until it ends, well or not. */
export function outcomeOf({ body }: WireReply): Promise<Outcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    body.pipe({
      data: (chunk) => chunks.push(chunk),
      end: () => resolve({ bytes: Buffer.concat(chunks) }),
      error: (error) => resolve({ bytes: Buffer.concat(chunks), error }),
    });
  });
}

/** The whole text of a reply. Rejects where it does not end well. */
export async function textOf(reply: WireReply): Promise<string> {
  const { bytes, error } = await outcomeOf(reply);
  if (error !== undefined) throw error;
  return bytes.toString();
}
