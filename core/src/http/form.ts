/** Reads the body of a request that is a form, within its limits. */
import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors.ts';
import { FormGatherer } from '../form/form-gatherer.ts';
import { MultipartParser } from '../form/parser.ts';
import { Spool } from '../form/spool.ts';
import type { Upload } from '../form/upload.ts';
import type { LiveExchange } from '../pipeline/live-exchange.ts';
import { refuseEncoding, tooLarge } from './body.ts';

/** The boundary of a form: what RFC 2046, section 5.1.1, lets one be, and no more than it allows. */
const BOUNDARY =
  /;\s*boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'()+,./:=?!#$%&*^`{|}~-]{1,70}))\s*(?:;|$)/i;

/** Whether the client says that its body is a form. */
export function isForm(request: IncomingMessage): boolean {
  return /^multipart\/form-data\s*(?:;|$)/i.test(request.headers['content-type'] ?? '');
}

/**
 * Takes the whole form in; its files go to disk beyond the first megabyte. Throws `GW_UNSUPPORTED_MEDIA_TYPE`,
 * `GW_BAD_REQUEST`, `GW_BODY_TOO_LARGE`, `GW_BODY_TIMEOUT`, `GW_SPOOL_FAILED`, `GW_CLIENT_CLOSED` where the client leaves
 * in the middle, and what the exchange is aborted with.
 */
export async function readForm(request: IncomingMessage, exchange: LiveExchange): Promise<Upload> {
  exchange.throwIfAborted();
  if (!isForm(request)) {
    throw new GatewayError('GW_UNSUPPORTED_MEDIA_TYPE', 'The operation takes a form: send "multipart/form-data".');
  }
  refuseEncoding(request);
  const boundary = boundaryOf(request.headers['content-type'] ?? '');
  const limit = exchange.kernel.config.limits.upload;
  if (Number(request.headers['content-length']) > limit) throw tooLarge(limit, 'limits.upload');
  const spool = new Spool();
  try {
    const gatherer = new FormGatherer(spool);
    await collect(request, exchange, new MultipartParser(boundary, gatherer), gatherer);
    return gatherer.upload();
  } catch (error) {
    await spool.close();
    throw error;
  }
}

function boundaryOf(type: string): string {
  const [, quoted, token] = BOUNDARY.exec(type) ?? [];
  const boundary = quoted ?? token;
  if (boundary !== undefined) return boundary;
  throw new GatewayError('GW_BAD_REQUEST', 'The content type of the form names no boundary, or none that is allowed.', {
    help: 'Let the HTTP client set the content type of a form itself.',
  });
}

function collect(
  request: IncomingMessage,
  exchange: LiveExchange,
  parser: MultipartParser,
  gatherer: FormGatherer,
): Promise<void> {
  const { upload: limit, uploadTimeout } = exchange.kernel.config.limits;
  return new Promise((resolve, reject) => {
    let size = 0;
    let isOver = false;
    const stop = (error: Error): void => {
      finish();
      // The rest is of no interest: the reply goes out at once, and the connection is closed behind it.
      request.pause();
      reject(error);
    };
    const attempt = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        stop(error as Error);
      }
    };
    const onData = (chunk: Buffer): void =>
      attempt(() => {
        size += chunk.length;
        if (size > limit) throw tooLarge(limit, 'limits.upload');
        parser.push(chunk);
        const { waiting } = gatherer;
        if (waiting === undefined) return;
        gatherer.waiting = undefined;
        request.pause();
        waiting.then(() => isOver || request.resume(), stop);
      });
    const onEnd = (): void =>
      attempt(() => {
        parser.end();
        finish();
        resolve();
      });
    const onGone = (): void =>
      stop(new GatewayError('GW_CLIENT_CLOSED', 'The client left before its request was complete.'));
    const unlisten = exchange.onAbort(stop);
    const cancelTimer = exchange.kernel.clock.after(uploadTimeout, () => {
      stop(new GatewayError('GW_BODY_TIMEOUT', `The form did not arrive within ${uploadTimeout} ms.`));
    });
    const finish = (): void => {
      isOver = true;
      cancelTimer();
      unlisten();
      request.off('data', onData).off('end', onEnd).off('aborted', onGone).off('error', onGone).off('close', onGone);
    };
    request.on('data', onData).on('end', onEnd).on('aborted', onGone).on('error', onGone).on('close', onGone);
  });
}
