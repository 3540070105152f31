/** The dialect of token counts: the body of a chat, answered with a number. */
import type { Codec, Dialect } from '@gatewright/core';
import { editRequest, readHead } from './edits.ts';
import { decodeError, encodeError } from './error.ts';
import { REPLY_HEADERS, REQUEST_HEADERS } from './headers.ts';
import { COUNT_TOKENS } from './names.ts';
import { Reading } from './reading.ts';
import { encodeCountRequest } from './request-writer.ts';
import { decodeRequest } from './request-reader.ts';

/** https://platform.claude.com/docs/en/api/messages-count-tokens */
const codec: Codec<'count-tokens'> = {
  decodeRequest: (body) => decodeRequest(body, true),
  encodeRequest: encodeCountRequest,
  decodeResponse: (body) => ({ inputTokens: Reading.reply().at('input_tokens').count(body['input_tokens']) }),
  encodeResponse: (count) => ({ input_tokens: count.inputTokens }),
  // A count is never streamed, whatever the body says.
  readHead: (body) => ({ ...readHead(body), stream: false }),
  editRequest,
  editResponse: () => [],
  summarize: () => ({}),
  decodeError,
  encodeError,
};

export const countTokensDialect: Dialect<'count-tokens'> = {
  id: COUNT_TOKENS,
  operation: 'count-tokens',
  codec,
  requestHeaders: REQUEST_HEADERS,
  replyHeaders: REPLY_HEADERS,
};
