/** Makes up bodies of requests and of answers, as this dialect allows them. */
import type { JsonObject } from '@gatewright/core';
import fc, { type Arbitrary } from 'fast-check';

const text = fc.string({ maxLength: 12 });
const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '_', '1'), minLength: 1, maxLength: 8 });
const bytes = fc.constantFrom('', 'AAAA', 'aGVsbG8=');
const json = fc.dictionary(name, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(fc.boolean())), {
  noNullPrototype: true,
  maxKeys: 3,
});

/** An object of required and optional members, some unknown. */
const object = (required: object, optional: object = {}): Arbitrary<JsonObject> => {
  const shape = { ...required, ...optional, novelty: text } as Record<string, Arbitrary<unknown>>;
  return fc.record(shape, { requiredKeys: Object.keys(required), noNullPrototype: true }) as Arbitrary<JsonObject>;
};

const one = (kind: string, inner: Arbitrary<unknown>): Arbitrary<JsonObject> =>
  inner.map((value) => ({ [kind]: value }));
const strict = (
  shape: Record<string, Arbitrary<unknown>>,
  required: string[] = Object.keys(shape),
): Arbitrary<JsonObject> =>
  fc.record(shape, { requiredKeys: required, noNullPrototype: true }) as Arbitrary<JsonObject>;

const s3 = one('s3Location', strict({ uri: text }));
const cachePoint = one(
  'cachePoint',
  strict({ type: fc.constant('default'), ttl: fc.constantFrom('5m', '1h', '7d') }, ['type']),
);
const image = one(
  'image',
  object({ format: fc.constantFrom('png', 'jpeg', 'gif', 'webp', 'new'), source: fc.oneof(one('bytes', bytes), s3) }),
);
const document = one(
  'document',
  object(
    { name, source: fc.oneof(one('bytes', bytes), one('text', text), one('content', fc.array(one('text', text))), s3) },
    {
      format: fc.constantFrom('pdf', 'csv', 'md', 'docx', 'new'),
      context: text,
      citations: strict({ enabled: fc.boolean() }),
    },
  ),
);
const audio = one(
  'audio',
  object({ format: fc.constantFrom('mp3', 'wav', 'mpeg', 'm4a', 'flac'), source: fc.oneof(one('bytes', bytes), s3) }),
);
const video = one('video', object({ format: text, source: s3 }));
const toolUse = one(
  'toolUse',
  object({ toolUseId: name, name, input: json }, { type: fc.constant('server_tool_use') }),
);
const toolResult = one(
  'toolResult',
  object(
    {
      toolUseId: name,
      content: fc.array(
        fc.oneof(one('text', text), one('json', fc.oneof(json, fc.integer(), text)), image, document, video),
      ),
    },
    { status: fc.constantFrom('success', 'error', 'other'), type: fc.constant('web') },
  ),
);
const reasoning = one(
  'reasoningContent',
  fc.oneof(
    one('reasoningText', object({ text }, { signature: text })),
    one('redactedContent', bytes),
    fc.constant<JsonObject>({}),
  ),
);
const cited = one(
  'citationsContent',
  object({ content: fc.array(one('text', text), { maxLength: 3 }), citations: fc.array(object({ title: text })) }),
);
const guard = one('guardContent', one('text', object({ text })));
const block = fc.oneof(
  one('text', text),
  strict({ type: fc.constant('text'), text }),
  fc.oneof(image, document, audio, video, cachePoint),
  fc.oneof(toolUse, toolResult, reasoning, cited, guard),
);
const message = object({
  role: fc.constantFrom('user', 'assistant', 'system'),
  content: fc.array(block, { maxLength: 5 }),
});

const tool = fc.oneof(
  one('toolSpec', object({ name, inputSchema: one('json', json) }, { description: text, strict: fc.boolean() })),
  one('systemTool', object({ name })),
  cachePoint,
);
const toolChoice = fc.oneof(
  fc.constantFrom<JsonObject>({ auto: {} }, { any: {} }, { auto: { more: 1 } }, { novelty: {} }),
  one('tool', object({ name })),
);
const format = strict({
  type: fc.constantFrom('json_schema', 'other'),
  structure: one(
    'jsonSchema',
    object(
      {
        schema: fc.oneof(
          json.map((value) => JSON.stringify(value, null, 1)),
          text,
        ),
      },
      { name, description: text },
    ),
  ),
});
const thinking = object(
  { type: fc.constantFrom('enabled', 'disabled', 'adaptive', 'new') },
  { budget_tokens: fc.nat() },
);

/** The body of a chat. */
export const chatBody: Arbitrary<JsonObject> = object(
  {},
  {
    messages: fc.array(message, { maxLength: 4 }),
    system: fc.array(fc.oneof(one('text', text), cachePoint, guard), { maxLength: 3 }),
    inferenceConfig: object(
      {},
      { maxTokens: fc.nat(), temperature: fc.nat(2), topP: fc.nat(1), stopSequences: fc.array(text) },
    ),
    toolConfig: object({ tools: fc.array(tool, { maxLength: 4 }) }, { toolChoice }),
    outputConfig: object({}, { effort: text, textFormat: format }),
    additionalModelRequestFields: fc.oneof(object({}, { thinking, top_k: fc.nat() }), json),
    guardrailConfig: json,
    requestMetadata: fc.dictionary(name, text, { noNullPrototype: true }),
    performanceConfig: object({}, { latency: text }),
    serviceTier: fc.oneof(strict({ type: text }), object({ type: text })),
    promptVariables: json,
    additionalModelResponseFieldPaths: fc.array(text),
  },
);

/** The `usage` of an answer. */
export const usage = object(
  { inputTokens: fc.nat(), outputTokens: fc.nat(), totalTokens: fc.nat() },
  {
    cacheReadInputTokens: fc.nat(),
    cacheWriteInputTokens: fc.nat(),
    cacheDetails: fc.array(strict({ ttl: fc.constantFrom('5m', '1h'), inputTokens: fc.nat() })),
  },
);

const output = one(
  'message',
  object({ content: fc.array(block.filter((value) => !('cachePoint' in value))) }, { role: fc.constant('assistant') }),
);

/** A whole answer. */
export const answerBody: Arbitrary<JsonObject> = object(
  { output },
  {
    stopReason: fc.constantFrom(
      'end_turn',
      'tool_use',
      'max_tokens',
      'guardrail_intervened',
      'malformed_tool_use',
      'new',
    ),
    usage,
    metrics: object({ latencyMs: fc.nat() }),
    trace: json,
    additionalModelResponseFields: json,
    performanceConfig: json,
    serviceTier: strict({ type: text }),
  },
);
