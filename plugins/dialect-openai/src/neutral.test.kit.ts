/** Generated neutral requests and answers: those that this dialect can express, in the form in which it reads them. */
import {
  NO_USAGE,
  type Candidate,
  type ChatRequest,
  type ChatResponse,
  type JsonObject,
  type Message,
  type Part,
  type Rest,
  type Tool,
  type ToolChoice,
} from '@gatewright/core';
import fc from 'fast-check';

const word = fc.string({ minLength: 1, maxLength: 8 });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const base64 = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const value = fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.parse(JSON.stringify(one)) as unknown);
const schema = fc.dictionary(
  word.filter((key) => key !== '__proto__'),
  value,
  { maxKeys: 3 },
);
const url = fc.webUrl();

/** A record of which all but the named keys may be missing. */
function some<T extends object>(
  fields: { [K in keyof T]-?: fc.Arbitrary<T[K]> },
  required: (keyof T)[],
): fc.Arbitrary<T> {
  return fc.record(fields, { requiredKeys: required });
}

const textPart: fc.Arbitrary<Part> = text.map((said) => ({ type: 'text', text: said }));

const media = (...types: string[]) =>
  fc.record({ kind: fc.constant('base64' as const), mediaType: fc.constantFrom(...types), data: base64 });

const image: fc.Arbitrary<Part> = some(
  {
    type: fc.constant('image' as const),
    source: fc.oneof(
      media('image/png', 'image/webp'),
      url.map((found) => ({ kind: 'url' as const, url: found })),
    ),
    detail: fc.constantFrom('low', 'high'),
  },
  ['type', 'source'],
);

const document: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    type: fc.constant('document' as const),
    source: media('application/pdf', 'text/plain'),
    title: word,
  }),
  some(
    {
      type: fc.constant('document' as const),
      source: word.map((id) => ({ kind: 'file' as const, id, origin: 'openai-chat' })),
      title: word,
    },
    ['type', 'source'],
  ),
);

const sound: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('audio' as const),
  source: media('audio/wav', 'audio/mpeg'),
});

const call: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('tool-call' as const),
  id: word,
  name: word,
  arguments: fc.json({ maxDepth: 2 }),
});

const reasoning: fc.Arbitrary<Part> = text.map((thought) => ({
  type: 'reasoning',
  text: thought,
  origin: 'openai-chat',
}));
const refusal: fc.Arbitrary<Part> = text.map((said) => ({ type: 'refusal', text: said }));

/** What an assistant said, in the order in which it is read: reasoning, text, refusal, calls. */
const assistantParts = (texts: fc.Arbitrary<Part[]>): fc.Arbitrary<Part[]> =>
  fc
    .tuple(fc.option(reasoning), texts, fc.option(refusal, { freq: 8 }), fc.array(call, { maxLength: 2 }))
    .map(([thought, said, refused, calls]) => [thought, ...said, refused, ...calls].filter((part) => part !== null));

const named = fc.option(word, { nil: undefined, freq: 6 });

const plain = (role: 'system' | 'developer'): fc.Arbitrary<Message> =>
  message(role, fc.array(textPart, { minLength: 1, maxLength: 2 }));

function message(role: Message['role'], parts: fc.Arbitrary<Part[]>): fc.Arbitrary<Message> {
  return fc
    .tuple(parts, named)
    .map(([made, name]) => (name === undefined ? { role, parts: made } : { role, parts: made, name }));
}

const result: fc.Arbitrary<Message> = fc
  .tuple(word, fc.array(textPart, { maxLength: 2 }))
  .map(([id, parts]) => ({ role: 'tool', parts: [{ type: 'tool-result', id, parts }] }));

const messages = fc.array(
  fc.oneof(
    plain('system'),
    plain('developer'),
    message('user', fc.array(fc.oneof(textPart, image, document, sound), { minLength: 1, maxLength: 3 })),
    message('assistant', assistantParts(fc.array(textPart, { maxLength: 2 }))),
    result,
  ),
  { minLength: 1, maxLength: 5 },
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  some(
    {
      kind: fc.constant('function' as const),
      name: word,
      description: text,
      parameters: schema,
      strict: fc.constant(true),
    },
    ['kind', 'name'],
  ) as fc.Arbitrary<Tool>,
  fc.record({
    kind: fc.constant('opaque' as const),
    dialect: fc.constant('openai-chat'),
    value: word.map((name) => ({ type: 'custom', custom: { name } })),
  }),
);

const choice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.constantFrom('auto' as const, 'none' as const, 'required' as const).map((kind) => ({ kind })),
  word.map((name) => ({ kind: 'tool' as const, name })),
);

const penalty = fc
  .integer({ min: -20, max: 20 })
  .filter((tenths) => tenths !== 0)
  .map((tenths) => tenths / 10);

/** Requests that lose nothing when they are written and read. */
export const request: fc.Arbitrary<ChatRequest> = some<Omit<ChatRequest, 'rest' | 'cache' | 'topK' | 'streamUsage'>>(
  {
    model: fc.constant('m'),
    messages,
    stream: fc.boolean(),
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
    toolChoice: choice,
    parallelTools: fc.boolean(),
    maxOutput: fc.nat(),
    temperature: fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 10),
    topP: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    stop: fc.array(word, { minLength: 1, maxLength: 4 }),
    seed: fc.integer(),
    presencePenalty: penalty,
    frequencyPenalty: penalty,
    candidates: fc.integer({ min: 2, max: 128 }),
    logprobs: some<{ top?: number }>({ top: fc.nat(20) }, []),
    responseFormat: fc.oneof(
      fc.constant({ kind: 'json' as const }),
      some({ kind: fc.constant('schema' as const), name: word, schema, description: text, strict: fc.boolean() }, [
        'kind',
        'name',
        'schema',
      ]) as fc.Arbitrary<NonNullable<ChatRequest['responseFormat']>>,
    ),
    reasoning: fc.constantFrom('none', 'low', 'xhigh').map((effort) => ({ effort })),
    endUser: word,
    metadata: fc.dictionary(
      word.filter((key) => key !== '__proto__'),
      word,
      { minKeys: 1, maxKeys: 2 },
    ),
    serviceTier: fc.constantFrom('flex', 'priority'),
  },
  ['model', 'messages', 'stream'],
);

const candidate: fc.Arbitrary<Omit<Candidate, 'index'>> = fc
  .tuple(assistantParts(fc.array(textPart, { maxLength: 1 })), fc.constantFrom('stop', 'length', 'content_filter'))
  .map(([parts, raw]) => {
    const calls = parts.some(({ type }) => type === 'tool-call');
    const reason = raw === 'stop' && calls ? 'tool-calls' : raw === 'content_filter' ? 'content-filter' : raw;
    return { parts, stop: { reason, raw: { dialect: 'openai-chat', value: raw } } };
  });

/** Answers that lose nothing when they are written and read, in one piece or as a stream. */
export const response: fc.Arbitrary<ChatResponse> = some<ChatResponse>(
  {
    id: word,
    model: fc.constant('m'),
    created: fc.nat(),
    candidates: fc
      .array(candidate, { minLength: 1, maxLength: 3 })
      .map((all) =>
        all.map((one, index): Candidate => ({ index, parts: one.parts, ...(one.stop ? { stop: one.stop } : {}) })),
      ),
    usage: fc
      .record({ input: fc.nat(), output: fc.nat(), cacheRead: fc.nat(), reasoning: fc.nat() })
      .map((counts) => Object.assign({}, NO_USAGE, counts)),
    serviceTier: fc.constantFrom('default', 'flex'),
    rest: fc.constant<Rest>({ dialect: 'openai-chat', fields: { citations: ['https://a.example'] } }),
  },
  ['id', 'model', 'created', 'candidates', 'rest'],
);

/** A value without what only this codec reads: its notes, and what it keeps of counts. */
export function bare<T>(whole: T): T {
  return JSON.parse(JSON.stringify(whole), strip) as T;
}

function strip(key: string, read: unknown): unknown {
  if (key === 'raw' && isRecord(read) && isRecord(read['value'])) return undefined;
  if (key !== 'rest' || !isRecord(read)) return read;
  const fields = Object.entries(read['fields'] as JsonObject).filter(([name]) => !name.startsWith('$'));
  return fields.length === 0 ? undefined : { dialect: read['dialect'], fields: Object.fromEntries(fields) };
}

const isRecord = (read: unknown): read is JsonObject => typeof read === 'object' && read !== null;
