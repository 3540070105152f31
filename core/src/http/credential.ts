/** Finds the key that a client sent. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Surface } from '../dialect.ts';

const BEARER = /^Bearer +(\S+) *$/i;

/** The key from `Authorization: Bearer`, else from one of the headers that the surface names. */
export function readCredential(headers: IncomingHttpHeaders, surface: Surface): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const match = BEARER.exec(authorization);
    if (match !== null) return match[1];
  }
  for (const name of surface.credentialHeaders ?? []) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value.trim();
  }
  return undefined;
}
