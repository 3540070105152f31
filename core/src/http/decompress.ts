/** Unpacks replies of providers that compress although they were asked not to. */
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { Transform } from 'node:stream';
import { GatewayError } from '../errors.ts';
import type { ReplyBody, ReplySink } from '../reply.ts';

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The body unpacked. An encoding that nobody knows ends in `GW_UPSTREAM_INVALID`. */
export function decompressed(body: ReplyBody, encoding: string): ReplyBody {
  const unpacker = UNPACKERS[encoding.toLowerCase()]?.();
  return unpacker === undefined ? unknownEncoding(body, encoding) : new UnpackedBody(body, unpacker);
}

function unknownEncoding(body: ReplyBody, encoding: string): ReplyBody {
  return {
    pipe(sink) {
      body.cancel();
      sink.error(
        new GatewayError('GW_UPSTREAM_INVALID', `The provider answered in the unknown encoding "${encoding}".`),
      );
    },
    pause: () => undefined,
    resume: () => undefined,
    cancel: () => body.cancel(),
  };
}

class UnpackedBody implements ReplyBody {
  readonly #body: ReplyBody;
  readonly #unpacker: Transform;
  #over = false;

  constructor(body: ReplyBody, unpacker: Transform) {
    this.#body = body;
    this.#unpacker = unpacker;
  }

  pipe(sink: ReplySink): void {
    const fail = (cause: Error): void => {
      if (this.#over) return;
      this.#over = true;
      this.#body.cancel();
      sink.error(cause);
    };
    this.#unpacker
      .on('data', (chunk: Buffer) => {
        if (!this.#over) sink.data(chunk);
      })
      .on('end', () => {
        if (!this.#over) sink.end();
        this.#over = true;
      })
      .on('error', (cause) =>
        fail(new GatewayError('GW_UPSTREAM_INVALID', 'The compressed reply is broken.', { cause })),
      )
      .on('drain', () => this.#body.resume());
    this.#body.pipe({
      data: (chunk) => {
        if (!this.#unpacker.write(chunk)) this.#body.pause();
      },
      end: () => this.#unpacker.end(),
      error: fail,
    });
  }

  pause(): void {
    this.#unpacker.pause();
  }

  resume(): void {
    this.#unpacker.resume();
  }

  cancel(): void {
    this.#over = true;
    this.#body.cancel();
    this.#unpacker.destroy();
  }
}
