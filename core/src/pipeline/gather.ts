/** Takes a whole reply into memory. */
import { GatewayError } from '../errors.ts';
import type { ReplyBody } from '../reply.ts';

/** All chunks of a body, in the buffers they came in. Rejects with what the body fails with, or `GW_UPSTREAM_INVALID` over the limit. */
export function gather(body: ReplyBody, limit: number): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.pipe({
      data(chunk) {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= limit) return;
        body.cancel();
        reject(
          new GatewayError('GW_UPSTREAM_INVALID', `The reply is larger than ${limit} bytes.`, { retryable: false }),
        );
      },
      end: () => resolve(chunks),
      error: reject,
    });
  });
}

/** The chunks as one buffer; one chunk is not copied. */
export function join(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}
