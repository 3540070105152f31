/** The codec of token counts: the body of a chat, or its contents alone, answered with a number. */
import type { Codec, JsonObject } from '@gatewright/core';
import { editRequest, readHead, summarize } from './edits.ts';
import { decodeError, encodeError } from './error.ts';
import { Reading } from './reading.ts';
import { decodeCountRequest } from './request-reader.ts';
import { encodeCountRequest } from './request-writer.ts';

/** https://ai.google.dev/api/tokens; an empty prompt has no count at all. */
function decodeCount(body: JsonObject): { inputTokens: number } {
  const at = Reading.reply();
  const { totalTokens } = at.fields(body);
  if (totalTokens === undefined && Object.keys(body).length > 0) throw at.at('totalTokens').fail('is missing');
  return { inputTokens: totalTokens === undefined ? 0 : at.at('totalTokens').integer(totalTokens) };
}

export const countTokensCodec: Codec<'count-tokens'> = {
  decodeRequest: decodeCountRequest,
  encodeRequest: encodeCountRequest,
  decodeResponse: decodeCount,
  encodeResponse: (count) => ({ totalTokens: count.inputTokens }),
  readHead,
  editRequest,
  editResponse: () => [],
  // Only an error inside the reply is of interest.
  summarize: (body) => {
    const { error } = summarize(body);
    return error === undefined ? {} : { error };
  },
  decodeError,
  encodeError,
};
