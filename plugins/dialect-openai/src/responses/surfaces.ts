/** Where requests of the Responses API come in, and the answer for those about responses that somebody would have to keep. */
import { ERROR_CODES, GatewayError, type HttpPoints, type Surface } from '@gatewright/core';
import { encodeError } from '../error-body.ts';
import { RESPONSES } from './dialect-id.ts';

/** Azure's clients send the key in `api-key`. */
const credentialHeaders = ['api-key'];

/** The API's own path, the one of clients whose base URL has no `/v1`, and those of Azure's clients with and without a version. */
const PATHS = [
  ['', '/v1/responses'],
  ['-bare', '/responses'],
  ['-azure', '/openai/responses'],
  ['-azure-v1', '/openai/v1/responses'],
] as const;

export const surfaces: readonly Surface[] = PATHS.map(([suffix, path]) => ({
  id: `openai-responses${suffix}`,
  dialect: RESPONSES,
  method: 'POST',
  path,
  credentialHeaders,
}));

/** What the API does with a response by its id. */
const BY_ID = [
  ['GET', '/:id'],
  ['DELETE', '/:id'],
  ['POST', '/:id/cancel'],
  ['GET', '/:id/input_items'],
] as const;

/**
 * Answers requests for a response by its id. An id says nothing of the target that has it, and the gateway keeps nothing
 * itself: it says so, as the API says that there is no such response.
 */
export function refuseById(http: Pick<HttpPoints, 'route'>): void {
  for (const [method, rest] of BY_ID) {
    http.route(method, `/v1/responses${rest}`, (context) => {
      context.status = ERROR_CODES.GW_NOT_FOUND.status;
      context.body = encodeError(unkept());
    });
  }
}

function unkept(): GatewayError {
  const message =
    'This gateway keeps no responses, and does not know which provider has one: they cannot be fetched, deleted or cancelled here. Ask the provider itself.';
  return new GatewayError('GW_NOT_FOUND', message, { param: 'response_id' });
}
