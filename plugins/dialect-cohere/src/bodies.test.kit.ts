/** Makes up bodies of chats and of answers, as this dialect allows them. */
import type { JsonObject } from '@gatewright/core';
import fc, { type Arbitrary } from 'fast-check';

const text = fc.string({ maxLength: 12 });
const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '_', '1'), minLength: 1, maxLength: 8 });
const json = fc.dictionary(name, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(fc.boolean())), {
  noNullPrototype: true,
  maxKeys: 3,
});
const share = fc.constantFrom(0, 0.25, 1);

/** An object of required and optional members, some unknown, some null. */
const object = (required: object, optional: object = {}): Arbitrary<JsonObject> => {
  const shape: Record<string, Arbitrary<unknown>> = {
    ...required,
    ...optional,
    novelty: text,
    nothing: fc.constant(null),
  };
  const requiredKeys = Object.keys(required);
  return fc.record(shape, {
    requiredKeys,
    noNullPrototype: true,
  }) as Arbitrary<JsonObject>;
};

const textBlock = object({ type: fc.constant('text'), text });
const thinkingBlock = object({ type: fc.constant('thinking'), thinking: text });
const url = fc.constantFrom('https://example.com/a.png', 'data:image/png;base64,AAAA', 'data:,x');
const imageBlock = object({
  type: fc.constant('image_url'),
  image_url: object({ url }, { detail: fc.constantFrom('auto', 'low', 'high', 'new') }),
});
const document = fc.record(
  { data: fc.oneof(json, fc.record({ text, title: text }), fc.record({ snippet: text })), id: name },
  { requiredKeys: ['data'], noNullPrototype: true },
);
const documentBlock = object({ type: fc.constant('document'), document });
const novelBlock = object({ type: fc.constant('novelty'), more: json });

const call = object(
  { function: object({ name }, { arguments: fc.constantFrom('{"a":1}', '{}', '', 'null', null, '{"a":') }) },
  { id: name, type: fc.constant('function') },
);
const citation = object(
  { start: fc.nat(), end: fc.nat(), text },
  { sources: fc.array(json, { maxLength: 2 }), type: fc.constantFrom('TEXT_CONTENT', 'PLAN') },
);

const said = (blocks: Arbitrary<JsonObject>): Arbitrary<unknown> => fc.oneof(text, fc.array(blocks, { maxLength: 3 }));

/** What an assistant's message has besides its role. */
const answer = {
  content: fc.oneof(said(fc.oneof(textBlock, thinkingBlock, novelBlock)), fc.constant(null)),
  tool_plan: text,
  tool_calls: fc.array(fc.oneof(call, object({ type: fc.constant('novel'), more: json })), { maxLength: 3 }),
  citations: fc.array(citation, { maxLength: 2 }),
};

const message = fc.oneof(
  object({ role: fc.constant('system'), content: said(textBlock) }),
  object({ role: fc.constant('user'), content: said(fc.oneof(textBlock, imageBlock, novelBlock)) }),
  object({ role: fc.constant('assistant') }, answer),
  object({ role: fc.constant('tool'), tool_call_id: name }, { content: said(fc.oneof(textBlock, documentBlock)) }),
);

const tool = fc.oneof(
  object({ function: object({ name }, { description: text, parameters: json }) }, { type: fc.constant('function') }),
  object({ type: fc.constant('novel') }),
);
const format = fc.oneof(
  object({ type: fc.constant('text') }),
  object({ type: fc.constant('json_object') }, { json_schema: json }),
  object({ type: fc.constant('json_object'), schema: json }),
);

/** The body of a chat. */
export const chatBody: Arbitrary<JsonObject> = object(
  { model: name, messages: fc.array(message, { maxLength: 4 }) },
  {
    stream: fc.boolean(),
    documents: fc.array(fc.oneof(text, document), { maxLength: 3 }),
    citation_options: object({}, { mode: fc.constantFrom('FAST', 'ACCURATE', 'OFF', 'DISABLED') }),
    safety_mode: fc.constantFrom('CONTEXTUAL', 'STRICT', 'OFF'),
    response_format: format,
    max_tokens: fc.nat(),
    stop_sequences: fc.array(text, { maxLength: 3 }),
    temperature: share,
    seed: fc.nat(),
    frequency_penalty: share,
    presence_penalty: share,
    p: share,
    k: fc.nat(3),
    logprobs: fc.boolean(),
    tools: fc.array(tool, { maxLength: 3 }),
    strict_tools: fc.boolean(),
    tool_choice: fc.constantFrom('REQUIRED', 'NONE', 'NOVEL'),
    thinking: object({ type: fc.constantFrom('enabled', 'disabled') }, { token_budget: fc.nat() }),
    priority: fc.nat(2),
  },
);

const counts = object({}, { input_tokens: fc.nat(), output_tokens: fc.nat() });

/** A whole answer. */
export const answerBody: Arbitrary<JsonObject> = object(
  { message: object({}, { role: fc.constant('assistant'), ...answer }) },
  {
    id: name,
    finish_reason: fc.constantFrom('COMPLETE', 'STOP_SEQUENCE', 'MAX_TOKENS', 'TOOL_CALL', 'ERROR', 'TIMEOUT', 'NEW'),
    usage: object({}, { billed_units: counts, tokens: counts, cached_tokens: fc.nat() }),
    logprobs: fc.array(object({ token_ids: fc.array(fc.nat()) }, { text, logprobs: fc.array(fc.constant(-0.5)) })),
  },
);
