/** Reads the body of a request, within its limits. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Limits } from '../config/normal.ts';
import { GatewayError } from '../errors.ts';
import type { Awaitable } from '../hooks/points.ts';
import { endOfTurn } from '../in-step.ts';
import type { Arrival } from './arrival.ts';

/** Above this size, in bytes, a body comes in several pieces. Where its length is known before, it is put into one buffer as it comes. */
const LARGE = 64 * 1024;

/**
 * The bytes of a JSON request body. Throws, or rejects with, `GW_UNSUPPORTED_MEDIA_TYPE`, `GW_BODY_TOO_LARGE`, `GW_BODY_TIMEOUT`,
 * `GW_INVALID_JSON` where they are not UTF-8, and `GW_CLIENT_CLOSED` where the client leaves in the middle.
 */
export function readBody(arrival: Arrival, limits: Limits, clock: Clock): Awaitable<Buffer> {
  const { request } = arrival;
  refuseEncoding(request);
  checkType(request);
  const announced = Number(request.headers['content-length']);
  if (announced > limits.body) throw tooLarge(limits.body, 'limits.body');
  return takeWhole(arrival, announced) ?? readLater(arrival, announced, limits, clock);
}

/** All of the body, where it is there: it takes no listeners and no timer. */
function takeWhole(arrival: Arrival, announced: number): Buffer | undefined {
  const { request } = arrival;
  arrival.isRead = announced > 0 && request.readableLength === announced;
  if (!arrival.isRead) return undefined;
  return checkText(announced > LARGE ? takePieces(request, announced) : (request.read() as Buffer));
}

/** Each piece by itself, which is how a request is read that flows. */
function takePieces(request: IncomingMessage, announced: number): Buffer {
  const whole = new OneBuffer(request, announced, 0);
  request.resume();
  for (let piece = request.read() as Buffer | null; piece !== null; piece = request.read() as Buffer | null)
    whole.push(piece);
  return whole.joined();
}

async function readLater(arrival: Arrival, announced: number, limits: Limits, clock: Clock): Promise<Buffer> {
  const { request } = arrival;
  // What came in one packet with the head is there a microtask later.
  if (request.readableLength === 0) await Promise.resolve();
  const whole = takeWhole(arrival, announced);
  if (whole !== undefined) return whole;
  const bytes = checkText(await collect(request, announced, limits, clock));
  await endOfTurn();
  return bytes;
}

function checkText(bytes: Buffer): Buffer {
  if (!isUtf8(bytes)) throw new GatewayError('GW_INVALID_JSON', 'The request body is not valid UTF-8.');
  return bytes;
}

function checkType(request: IncomingMessage): void {
  const { 'content-type': type } = request.headers;
  if (type === undefined || type === 'application/json') return;
  const essence = (type.split(';', 1)[0] as string).trim().toLowerCase();
  if (essence === 'application/json' || essence.endsWith('+json')) return;
  throw new GatewayError('GW_UNSUPPORTED_MEDIA_TYPE', `The content type is "${essence}"; send "application/json".`);
}

function collect(request: IncomingMessage, announced: number, limits: Limits, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces = announced > LARGE ? new OneBuffer(request, announced, 1) : new Pieces();
    const stop = (error: GatewayError): void => {
      finish();
      // The rest is not read: the reply goes out at once, and the connection is closed behind it.
      request.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      if (pieces.size + chunk.length > limits.body) stop(tooLarge(limits.body, 'limits.body'));
      else pieces.push(chunk);
    };
    const onEnd = (): void => {
      finish();
      resolve(pieces.joined());
    };
    const onGone = (): void =>
      stop(new GatewayError('GW_CLIENT_CLOSED', 'The client left before its request was complete.'));
    const cancelTimer = clock.after(limits.bodyTimeout, () => {
      const message = `The request body did not arrive within ${limits.bodyTimeout} ms.`;
      stop(new GatewayError('GW_BODY_TIMEOUT', message));
    });
    const finish = (): void => {
      cancelTimer();
      request.off('data', onData).off('end', onEnd).off('aborted', onGone).off('error', onGone).off('close', onGone);
    };
    request.on('data', onData).on('end', onEnd).on('aborted', onGone).on('error', onGone).on('close', onGone);
  });
}

/** What has come of a body whose length nobody said, or that is small. */
class Pieces {
  readonly #chunks: Buffer[] = [];
  size = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.size += chunk.length;
  }

  joined(): Buffer {
    return this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.size);
  }
}

/** What has come of a large body, where it will stand in the end: no more than one piece of it is ever there twice. */
class OneBuffer {
  readonly #request: IncomingMessage;
  readonly #bytes: Buffer;
  readonly #listeners: number;
  size = 0;

  /** `listeners`: how many of those that hear of the request's data are our own. */
  constructor(request: IncomingMessage, announced: number, listeners: number) {
    this.#request = request;
    this.#listeners = listeners;
    // Pages of it that nothing has come for take no memory.
    this.#bytes = Buffer.allocUnsafeSlow(announced);
  }

  push(chunk: Buffer): void {
    this.#bytes.set(chunk, this.size);
    this.size += chunk.length;
    // Garbage outside of the heap lies around until the heap is full: a body of 5 MB would be there twice.
    const isAllOfIt = chunk.buffer.byteLength === chunk.length;
    if (isAllOfIt && this.#request.listenerCount('data') === this.#listeners) (chunk.buffer as ArrayBuffer).transfer(0);
  }

  joined(): Buffer {
    return this.#bytes;
  }
}

/** Throws `GW_UNSUPPORTED_MEDIA_TYPE` where the body is compressed. */
export function refuseEncoding(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new GatewayError('GW_UNSUPPORTED_MEDIA_TYPE', `The request body is encoded as "${encoding}"; send it plain.`);
}

/** The error of a body that is over a limit, with the field of the configuration that sets it. */
export function tooLarge(limit: number, field: string): GatewayError {
  return new GatewayError('GW_BODY_TOO_LARGE', `The request body is larger than ${limit} bytes.`, {
    help: `Raise \`${field}\` in the configuration.`,
  });
}
