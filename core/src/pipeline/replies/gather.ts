/** Takes a whole reply into memory. */
import type { Abort } from '../../abort.ts';
import { GatewayError } from '../../errors.ts';
import type { ReplyBody, ReplySink } from '../../reply.ts';

/**
 * All chunks of a body, in the buffers they came in. Rejects with what the body fails with, with `GW_UPSTREAM_INVALID` over the
 * limit, and with what it is aborted with: a body that was cancelled tells nobody.
 */
export function gather(body: ReplyBody, limit: number, abort: Abort): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    abort.listen((reason) => {
      body.cancel();
      reject(reason);
    });
    body.pipe(new Gathering(body, limit, resolve, reject));
  });
}

/** Tells what came once, all of it or what is wrong with it. */
export class Gathering implements ReplySink {
  readonly #body: ReplyBody;
  readonly #limit: number;
  readonly #resolve: (chunks: Buffer[]) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(body: ReplyBody, limit: number, resolve: (chunks: Buffer[]) => void, reject: (error: Error) => void) {
    this.#body = body;
    this.#limit = limit;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= this.#limit) return;
    this.#body.cancel();
    const message = `The reply is larger than ${this.#limit} bytes.`;
    this.#reject(new GatewayError('GW_UPSTREAM_INVALID', message, { retryable: false }));
  }

  end(): void {
    this.#resolve(this.#chunks);
  }

  error(error: Error): void {
    this.#reject(error);
  }
}

/** The chunks as one buffer; one chunk is not copied. */
export function join(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}
