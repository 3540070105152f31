/** The dialects that this package registers, and the surfaces that speak them. */
import type { Dialect, Surface } from '@gatewright/core';
import { chatCodec } from './chat-codec.ts';
import { DIALECT } from './dialect-id.ts';
import { modelCodec, modelsCodec } from './models-codec.ts';

export const chatDialect: Dialect<'chat'> = {
  id: DIALECT,
  operation: 'chat',
  codec: chatCodec,
  // Not `openai-organization` and `openai-project`: they go with the provider's key, which the client does not have.
  requestHeaders: ['openai-beta', 'x-client-request-id'],
  // Not the rate limits: they are those of the gateway's key, which many clients share.
  replyHeaders: ['x-request-id', 'openai-processing-ms', 'openai-version'],
};

export const modelsDialect: Dialect<'models'> = {
  id: 'openai-models',
  operation: 'models',
  codec: modelsCodec,
  requestHeaders: [],
  replyHeaders: [],
};

export const modelDialect: Dialect<'models'> = {
  id: 'openai-model',
  operation: 'models',
  codec: modelCodec,
  requestHeaders: [],
  replyHeaders: [],
};

/** Azure's clients send the key in `api-key`. */
const credentialHeaders = ['api-key'];

export const surfaces: readonly Surface[] = [
  { id: 'openai-chat', dialect: DIALECT, method: 'POST', path: '/v1/chat/completions', credentialHeaders },
  // For clients whose base URL has no `/v1`.
  { id: 'openai-chat-bare', dialect: DIALECT, method: 'POST', path: '/chat/completions', credentialHeaders },
  // Azure's clients name the deployment, which is a model here, in the path.
  {
    id: 'openai-chat-deployment',
    dialect: DIALECT,
    method: 'POST',
    path: '/openai/deployments/:model/chat/completions',
    credentialHeaders,
    head: (params) => ({ model: params['model'] ?? '', stream: false }),
  },
  {
    id: 'openai-models',
    dialect: modelsDialect.id,
    method: 'GET',
    path: '/v1/models',
    credentialHeaders,
    request: () => ({}),
  },
  {
    id: 'openai-model',
    dialect: modelDialect.id,
    method: 'GET',
    path: '/v1/models/:model',
    credentialHeaders,
    request: (params) => ({ id: params['model'] }),
  },
];
