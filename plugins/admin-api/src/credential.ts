/** The key that a management request brings. */
import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '@gatewright/core';

/** Where else than in `authorization` scripts send it. */
const HEADERS = ['x-gatewright-key', 'x-api-key', 'api-key', 'x-litellm-api-key'];

/** Throws `GW_UNAUTHENTICATED` where two keys are sent that are not the same: nobody can say which one is meant. */
export function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const found = new Set<string>();
  const { authorization } = headers;
  if (authorization !== undefined) {
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (bearer === undefined) throw unclear('The header "authorization" must be "Bearer" and a key.');
    found.add(bearer);
  }
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && value.trim() !== '') found.add(value.trim().replace(/^Bearer +/i, ''));
  }
  if (found.size > 1) throw unclear('The request brings several keys. Send one.');
  return [...found][0];
}

function unclear(message: string): GatewayError {
  return new GatewayError('GW_UNAUTHENTICATED', message);
}
