/** Writes an answer. */
import type { Candidate, ChatResponse, EncodeContext, JsonObject, Part } from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { encodeItems } from './item-encode.ts';
import { faithful } from './item-spelling.ts';
import { itemId } from './minted.ts';
import { beginsItem, isOwn, refuseForeign, respellFrom } from './rest.ts';
import { headOf } from './response-head.ts';
import { encodeStatus } from './status.ts';

/** The body for an answer, of whatever dialect it came from. There is room for one candidate only. */
export function encodeResponse(response: ChatResponse, context: EncodeContext): JsonObject {
  refuseForeign(response.rest, '', context);
  const [first, ...others] = response.candidates;
  if (others.length > 0) context.unsupported('n', 'there is one answer only in this dialect');
  refuseForeign(first?.rest, 'output', context);
  refuseForeign(first?.stop?.rest, 'output', context);
  const head = headOf({ response, stop: first?.stop, usage: response.usage }, context.model, context);
  const body = respellFrom(head, response.rest);
  body['output'] = outputOf(response.id, first, context);
  return body;
}

function outputOf(id: string, candidate: Candidate | undefined, context: EncodeContext): JsonObject[] {
  if (candidate === undefined) return [];
  const items = encodeItems(candidate.parts, 'assistant', 'output', faithful('client', context));
  const output = items.map(({ item, parts }, index) => identified(item, parts[0], id, index));
  if (!isOwn(candidate.rest)) finish(candidate, output);
  return output;
}

/** What other dialects tell of the whole answer, and this one of its items. */
function finish(candidate: Candidate, output: readonly JsonObject[]): void {
  writeLogprobs(candidate, output);
  const last = output.at(-1);
  const { status } = encodeStatus(candidate.stop);
  if (last?.['type'] === 'message' && status === 'incomplete') last['status'] = status;
}

const PREFIXES: Readonly<Record<string, string>> = { message: 'msg', function_call: 'fc', reasoning: 'rs' };

/** An item with an id: its own, or one that shows that nobody keeps it. */
function identified(item: JsonObject, part: Part | undefined, id: string, index: number): JsonObject {
  const prefix = PREFIXES[String(item['type'])];
  if (prefix === undefined || item['id'] !== undefined || beginsItem(part?.rest)) return item;
  return { id: itemId(prefix, id, index), ...item };
}

/** Other dialects tell log probabilities of the whole answer; here they go with its first text. */
function writeLogprobs({ logprobs }: Candidate, items: readonly JsonObject[]): void {
  const content = logprobs?.content;
  if (!content || content.length === 0) return;
  for (const { content: parts } of items) {
    const text = Array.isArray(parts)
      ? (parts as unknown[]).find((part) => isObject(part) && part['type'] === 'output_text')
      : undefined;
    if (!isObject(text)) continue;
    text['logprobs'] = content;
    return;
  }
}
