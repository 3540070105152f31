/** Reads the body of a request, within its limits. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Limits } from '../config/normal.ts';
import { GatewayError } from '../errors.ts';
import type { Arrival } from './arrival.ts';

/**
 * The bytes of a JSON request body. Throws `GW_UNSUPPORTED_MEDIA_TYPE`, `GW_BODY_TOO_LARGE`, `GW_BODY_TIMEOUT`,
 * `GW_INVALID_JSON` where they are not UTF-8, and `GW_CLIENT_CLOSED` where the client leaves in the middle.
 */
export async function readBody(arrival: Arrival, limits: Limits, clock: Clock): Promise<Buffer> {
  const { request } = arrival;
  refuseEncoding(request);
  checkType(request);
  const announced = Number(request.headers['content-length']);
  if (announced > limits.body) throw tooLarge(limits.body, 'limits.body');
  // What came in one packet with the head is there a microtask later: then it takes no listeners and no timer.
  if (request.readableLength === 0) await Promise.resolve();
  arrival.isRead = announced > 0 && request.readableLength === announced;
  const bytes = arrival.isRead ? (request.read() as Buffer) : await collect(request, limits, clock);
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

function collect(request: IncomingMessage, limits: Limits, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (error: GatewayError): void => {
      finish();
      // The rest is not read: the reply goes out at once, and the connection is closed behind it.
      request.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limits.body) stop(tooLarge(limits.body, 'limits.body'));
    };
    const onEnd = (): void => {
      finish();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
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
