/** Where requests of the Responses API come in. */
import type { Surface } from '@gatewright/core';
import { RESPONSES } from './dialect-id.ts';

/** Azure's clients send the key in `api-key`. */
export const credentialHeaders = ['api-key'];

/** The API's own path, the one of clients whose base URL has no `/v1`, and those of Azure's clients with and without a version. */
export const PATHS = [
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
