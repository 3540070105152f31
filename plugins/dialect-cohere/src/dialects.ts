/** The dialects that this package registers, and the surfaces that speak them. */
import type { Dialect, Surface } from '@gatewright/core';
import { chatCodec } from './chat-codec.ts';
import { embedCodec } from './embed-codec.ts';
import type { InputType } from './embed-request.ts';
import { expression } from './expression.ts';
import { CHAT, EMBED, RERANK } from './names.ts';
import { rerankCodec } from './rerank-codec.ts';

/** The name that a client gives its project (https://docs.cohere.com/reference/chat). */
const requestHeaders: readonly string[] = ['x-client-name'];

/** Not the limits of trial keys: they are those of the gateway's key, which many clients share. */
const replyHeaders: readonly string[] = ['x-api-warning', 'x-debug-trace-id', 'retry-after'];

const headers = { requestHeaders, replyHeaders };

export const chatDialect: Dialect<'chat'> = {
  id: CHAT,
  operation: 'chat',
  codec: chatCodec,
  expresses: expression,
  ...headers,
};

export const rerankDialect: Dialect<'rerank'> = { id: RERANK, operation: 'rerank', codec: rerankCodec, ...headers };

/** `defaultType`: what requests of other dialects are for that do not say it. */
export function embedDialect(defaultType: InputType): Dialect<'embeddings'> {
  return { id: EMBED, operation: 'embeddings', codec: embedCodec(defaultType), ...headers };
}

export const surfaces: readonly Surface[] = [
  { id: CHAT, dialect: CHAT, method: 'POST', path: '/v2/chat' },
  { id: EMBED, dialect: EMBED, method: 'POST', path: '/v2/embed' },
  { id: RERANK, dialect: RERANK, method: 'POST', path: '/v2/rerank' },
  // Version 1 asks the same, and so do the clients of the servers that follow the API.
  { id: `${RERANK}-v1`, dialect: RERANK, method: 'POST', path: '/v1/rerank' },
  // For clients whose base URL has no version.
  { id: `${RERANK}-bare`, dialect: RERANK, method: 'POST', path: '/rerank' },
];
