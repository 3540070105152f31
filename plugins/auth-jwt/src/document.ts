/** Fetches a small JSON document, within bounds of size and time. */
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import type { Clock } from '@gatewright/core';

/** A set of keys is a few kilobytes. */
const LARGEST = 1024 * 1024;

/** Rejects with an Error that says what went wrong. Redirects are not followed: they lead where nobody configured. */
export function fetchDocument(url: string, clock: Clock, timeout: number): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getSecure : getPlain;
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (why: string): void => {
      cancel();
      reject(new Error(`${url} ${why}`));
      request.destroy();
    };
    const request = get(url, { headers: { accept: 'application/json' } }, (response) => {
      if (response.statusCode !== 200) {
        fail(`answered with status ${response.statusCode}`);
        return;
      }
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST) fail('answered with more than 1 MiB');
        else chunks.push(chunk);
      });
      response.on('end', () => {
        cancel();
        const document = parsed(Buffer.concat(chunks).toString());
        if (document === undefined) fail('answered with something that is no JSON object');
        else resolve(document);
      });
      response.on('error', (error) => fail(`broke off: ${error.message}`));
    });
    request.on('error', (error) => fail(`cannot be reached: ${error.message}`));
    const cancel = clock.after(timeout, () => fail(`did not answer within ${timeout} ms`));
  });
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
