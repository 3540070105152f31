/** The codecs of embeddings: of one content, and of a batch of them. */
import type { Codec } from '@gatewright/core';
import type { Edit, Outline } from '@gatewright/core/wire';
import { editRequest as editOne, readHead } from './edits.ts';
import * as requests from './embed-request.ts';
import * as responses from './embed-response.ts';
import { decodeError, encodeError } from './error.ts';
import { isObject } from './reading.ts';

const shared = {
  readHead,
  // No model stands in an answer.
  editResponse: () => [],
  summarize: responses.summarize,
  decodeError,
  encodeError,
} satisfies Partial<Codec<'embeddings'>>;

export const embedCodec: Codec<'embeddings'> = {
  ...shared,
  decodeRequest: requests.decodeOne,
  encodeRequest: requests.encodeOne,
  decodeResponse: responses.decodeOne,
  encodeResponse: responses.encodeOne,
  editRequest: editOne,
};

export const batchEmbedCodec: Codec<'embeddings'> = {
  ...shared,
  decodeRequest: requests.decodeBatch,
  encodeRequest: requests.encodeBatch,
  decodeResponse: responses.decodeBatch,
  encodeResponse: responses.encodeBatch,
  editRequest: (body, { model }) => ({ edits: renamed(body, `models/${model}`), usageInjected: false }),
};

/** Each request of a batch names the model that stands in the path, and must name the same. */
function renamed(body: Outline, model: string): Edit[] {
  const member = body.member('requests');
  const list = body.value('requests');
  if (member === undefined || !Array.isArray(list)) return [];
  const items = list as unknown[];
  if (items.every((item) => isObject(item) && item['model'] === model)) return [];
  const text = JSON.stringify(items.map((item) => (isObject(item) ? Object.assign({}, item, { model }) : item)));
  return [{ start: member.start, end: member.end, text }];
}
