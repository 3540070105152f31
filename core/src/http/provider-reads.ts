/**
 * Takes what providers send from their sockets. Left alone, Node makes 64 kB of memory for each read, gives back all but what came, and
 * hands that through a stream to undici's parser: a fiftieth of the time of a small request.
 */
import { createRequire } from 'node:module';
import type { OnReadOpts, Socket } from 'node:net';
import { parseRead } from './pieces.ts';

const load = createRequire(import.meta.url);

/** As much as Node reads at once, in bytes. All sockets of a thread share it: what is in it is taken out before anybody else reads. */
const ARRIVED = Buffer.allocUnsafeSlow(64 * 1024);

/** What undici's parser of a connection is asked here. */
interface Parser {
  readonly paused: boolean;
  /** Of the reply that it is in the midst of; 0 where it waits for the next. */
  readonly statusCode: number;
  execute(bytes: Buffer): void;
}

type ParsedSocket = Socket & Readonly<Record<symbol, Parser | null | undefined>>;

/** How whoever opens a socket to a provider has it read. */
export function providerReads(): OnReadOpts {
  const { kParser } = load('undici/lib/core/symbols.js') as { readonly kParser: symbol };
  return {
    buffer: ARRIVED,
    // Node calls it on the socket, which its types do not say.
    callback(this: unknown, length: number) {
      return arrive(this as ParsedSocket, kParser, length);
    },
  };
}

/** Answers whether more may come at once. */
function arrive(socket: ParsedSocket, key: symbol, length: number): boolean {
  const parser = socket[key];
  const bytes = parser?.statusCode === 0 ? ofPool(length) : ofItsOwn(length);
  // What waits in the stream comes first; and whoever is paused finds it there.
  if (!parser || parser.paused || socket.readableLength > 0) return socket.push(bytes);
  parseRead(parser, bytes);
  return true;
}

/** What begins a reply is mostly all of it, and gone with the request: a piece of Node's pool costs a fraction. */
const ofPool = (length: number): Buffer => Buffer.from(ARRIVED.subarray(0, length));

/** A silent stream may keep what came last: of Node's pool, it would keep 8 kB. */
const ofItsOwn = (length: number): Buffer => Buffer.from(ARRIVED.buffer.slice(0, length));
