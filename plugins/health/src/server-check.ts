/** Asks a server for one page, to see whether it answers at all. */
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import type { Clock } from '@gatewright/core';

/**
 * Resolves with what is wrong, or undefined where it answers with any status below 500: that a page is not there, or is not for
 * strangers, says that the server is. Redirects are not followed, and what it answers is not read.
 */
export function checkServer(url: string, clock: Clock, timeout: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const get = url.startsWith('https:') ? getSecure : getPlain;
    const end = (fault: string | undefined): void => {
      cancel();
      resolve(fault);
      request.destroy();
    };
    // A connection of its own: one that is kept open may be the only thing that still works.
    const request = get(url, { agent: false, headers: { accept: '*/*' } }, ({ statusCode = 500 }) => {
      end(statusCode < 500 ? undefined : `status ${statusCode}`);
    });
    request.on('error', () => end('no connection'));
    const cancel = clock.after(timeout, () => end('no answer in time'));
  });
}
