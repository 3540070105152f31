/** Where clients ask for responses by their ids. */
import { GatewayError, type KeptRequest, type Surface } from '@gatewright/core';
import { KEPT } from './dialect-id.ts';
import { isMinted } from './minted.ts';
import { credentialHeaders, PATHS } from './surfaces.ts';

/** What the API does with a response by its id (https://platform.openai.com/docs/api-reference/responses). */
const ACTIONS = [
  ['get', 'GET', ''],
  ['delete', 'DELETE', ''],
  ['cancel', 'POST', '/cancel'],
  ['input', 'GET', '/input_items'],
] as const;

export const keptSurfaces: readonly Surface[] = PATHS.flatMap(([suffix, path]) =>
  ACTIONS.map(([name, method, rest]): Surface => ({
    id: `openai-response-${name}${suffix}`,
    dialect: KEPT,
    method,
    path: `${path}/:id${rest}`,
    credentialHeaders,
    request: (params, query) => keptRequest(params['id'] ?? '', method, rest, query),
  })),
);

/** Ids as providers make them: nothing that could lead to another path. */
const ID = /^[A-Za-z0-9][\w-]{0,199}$/;

function keptRequest(id: string, method: KeptRequest['method'], rest: string, query: URLSearchParams): KeptRequest {
  if (isMinted(id)) throw neverKept(id);
  if (!ID.test(id)) throw new GatewayError('GW_NOT_FOUND', 'No response can have this id.', { param: 'id' });
  const asked = new URLSearchParams(query);
  // The version of the client's API is not that of the provider's.
  asked.delete('api-version');
  const path = `/${id}${rest}${asked.size === 0 ? '' : `?${asked.toString()}`}`;
  return { id, method, path, stream: query.get('stream') === 'true' };
}

function neverKept(id: string): GatewayError {
  const message = `Nobody keeps ${JSON.stringify(id.slice(0, 100))}: the answer came from a provider without stored responses.`;
  const help = 'Keep what was answered, and send the whole conversation as `input`.';
  return new GatewayError('GW_NOT_FOUND', message, { param: 'id', help });
}
