/** Requests of another dialect, and what is written of them for a provider of this one. */
import { expect } from 'vitest';
import type { ChatRequest, JsonObject, Message, Part, Rest } from '@gatewright/core';
import * as spec from './spec.test.kit.ts';
import { codec, dropping, json } from './wire.test.kit.ts';

export const text = (value: string): Part => ({ type: 'text', text: value });
export const user: Message = { role: 'user', parts: [text('Hi')] };

/** What only the other dialect has. */
export const rest = (fields: JsonObject): Rest => ({ dialect: 'acme', fields });

export const request = (messages: readonly Message[], more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'their-model',
  messages,
  stream: false,
  ...more,
});

/** The body that is sent, which the API's schemas must permit. */
export function written(value: ChatRequest, context = dropping()): JsonObject {
  const body = json(codec.encodeRequest(value, context)) as JsonObject;
  if (spec.found) expect(spec.violations('CreateChatCompletionRequest', body)).toEqual([]);
  return body;
}

export const messages = (...some: Message[]): unknown => written(request(some))['messages'];

/** What is dropped, and what is warned of, when a message has this part behind a text. */
export function said(part: Part, role: Message['role'] = 'user'): [readonly string[], readonly string[]] {
  const context = dropping();
  written(request([{ role, parts: [text('a'), part] }]), context);
  return [context.dropped, context.warned];
}
