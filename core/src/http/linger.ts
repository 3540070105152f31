/** Ends replies to requests that have not arrived in full, so that the client gets to read them. */
import type { ServerResponse } from 'node:http';

/** How long the rest of such a request is thrown away before its connection is closed, in milliseconds. */
const LINGER = 1_000;

/**
 * Ends a reply whose body has been written. What the client still sends is read and thrown away for a moment: a connection
 * that is closed with bytes in it is reset, and the reply is lost to a client that was busy sending.
 */
export function linger(response: ServerResponse): void {
  const { req: request } = response;
  const end = (): void => {
    clearTimeout(timer);
    request.off('end', end).off('close', end);
    response.end();
  };
  const timer = setTimeout(end, LINGER).unref();
  request
    .on('end', end)
    .on('close', end)
    .on('error', () => undefined);
  request.resume();
}
