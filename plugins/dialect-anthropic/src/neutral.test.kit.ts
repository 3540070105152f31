/** Generates neutral requests and answers as the codecs of other dialects make them. */
import type { Candidate, ChatEvent, ChatRequest, ChatResponse, Message, Part, Source, Usage } from '@gatewright/core';
import { NO_USAGE } from '@gatewright/core';
import fc from 'fast-check';

/** Members that may be missing are left out, not undefined. */
function record<T>(
  model: { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> },
  required: (keyof T)[],
): fc.Arbitrary<T> {
  return fc.record(model, { requiredKeys: required });
}

type PartOf<T extends Part['type']> = Extract<Part, { type: T }>;

const prose = fc.oneof(fc.string(), fc.constantFrom('', 'Hello', 'naïve ☕ 𝄞'));
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,16}$/);
/** Other providers put dots and colons into ids. */
const callId = fc.oneof(name, fc.stringMatching(/^[a-z]{2,8}\.[a-z]{1,8}:[0-9]$/));
const cache = fc.constantFrom({}, { ttl: '5m' as const }, { ttl: '1h' as const });
const marked = { cache };

const text = record<Omit<PartOf<'text'>, 'rest' | 'citations'>>(
  { type: fc.constant('text' as const), text: prose, ...marked },
  ['type', 'text'],
);
const bytes = fc.base64String({ minLength: 4, maxLength: 12 });
const anywhere: fc.Arbitrary<Source>[] = [
  fc.record({ kind: fc.constant('url' as const), url: fc.webUrl() }),
  fc.record({ kind: fc.constant('file' as const), id: name, origin: fc.constant('anthropic-messages') }),
];
const image = record<Omit<PartOf<'image'>, 'rest' | 'detail'>>(
  {
    type: fc.constant('image' as const),
    source: fc.oneof(
      ...anywhere,
      fc.record({ kind: fc.constant('base64' as const), mediaType: fc.constant('image/png'), data: bytes }),
    ),
    ...marked,
  },
  ['type', 'source'],
);
const title = fc.string({ minLength: 1, maxLength: 9 });
const document = record<Omit<PartOf<'document'>, 'rest'>>(
  {
    type: fc.constant('document' as const),
    source: fc.oneof(
      ...anywhere,
      fc.record({ kind: fc.constant('base64' as const), mediaType: fc.constant('application/pdf'), data: bytes }),
      fc.record({ kind: fc.constant('text' as const), mediaType: fc.constant('text/plain'), text: prose }),
    ),
    title,
    context: title,
    ...marked,
  },
  ['type', 'source'],
);
const callArguments = fc
  .dictionary(name, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 })
  .map((value) => JSON.stringify(value));
const toolCall = record<Omit<PartOf<'tool-call'>, 'rest' | 'cache'>>(
  {
    type: fc.constant('tool-call' as const),
    id: callId,
    name,
    arguments: fc.oneof(callArguments, fc.constant('')),
  },
  ['type', 'id', 'name', 'arguments'],
);
const toolResult = record<Omit<PartOf<'tool-result'>, 'rest' | 'cache'>>(
  {
    type: fc.constant('tool-result' as const),
    id: callId,
    parts: fc.array(fc.oneof(text, image), { maxLength: 2 }),
    isError: fc.boolean(),
  },
  ['type', 'id', 'parts'],
);
const reasoning = record<Omit<PartOf<'reasoning'>, 'rest' | 'cache' | 'redacted'>>(
  {
    type: fc.constant('reasoning' as const),
    text: prose,
    signature: name,
    origin: fc.constant('other-dialect'),
  },
  ['type', 'text', 'origin'],
);
const refusal = record<Omit<PartOf<'refusal'>, 'rest' | 'cache'>>(
  { type: fc.constant('refusal' as const), text: prose },
  ['type', 'text'],
);

const parts = (...kinds: fc.Arbitrary<Part>[]): fc.Arbitrary<Part[]> => fc.array(fc.oneof(...kinds), { maxLength: 3 });

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system' as const, 'developer' as const), parts: parts(text) }),
  fc.record({ role: fc.constant('user' as const), parts: parts(text, image, document) }),
  fc.record({ role: fc.constant('assistant' as const), parts: parts(text, toolCall, reasoning, refusal) }),
  fc.record({ role: fc.constant('tool' as const), parts: fc.array(toolResult, { minLength: 1, maxLength: 2 }) }),
);

const tool = fc.record(
  {
    kind: fc.constant('function' as const),
    name,
    description: prose,
    parameters: fc.constantFrom<Readonly<Record<string, unknown>>>(
      {},
      { type: 'object', properties: { a: { type: 'string' } } },
    ),
    strict: fc.boolean(),
    cache,
  },
  { requiredKeys: ['kind', 'name'] },
);

const settings = {
  tools: fc.array(tool, { minLength: 1, maxLength: 2 }),
  toolChoice: fc.oneof(
    fc.record({ kind: fc.constantFrom('auto' as const, 'none' as const, 'required' as const) }),
    fc.record({ kind: fc.constant('tool' as const), name }),
  ),
  parallelTools: fc.boolean(),
  maxOutput: fc.integer({ min: 1, max: 99_999 }),
  temperature: fc.constantFrom(0, 0.7, 1),
  topP: fc.constantFrom(0.1, 1),
  topK: fc.nat(40),
  stop: fc.array(fc.constantFrom('END', '###'), { maxLength: 2 }),
  responseFormat: fc.oneof(
    fc.constant({ kind: 'text' as const }),
    fc.record({
      kind: fc.constant('schema' as const),
      schema: fc.constant({ type: 'object' }),
      name,
      description: title,
      strict: fc.boolean(),
    }),
  ),
  reasoning: fc.oneof(
    fc.record({ effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max') }),
    fc.record({ budgetTokens: fc.integer({ min: 1024, max: 30_000 }) }),
  ),
  endUser: title,
  serviceTier: fc.constantFrom('auto', 'default'),
  cache,
};

/** Requests that this dialect can express completely, but for the thinking of others. */
export const request: fc.Arbitrary<ChatRequest> = fc.record(
  {
    model: fc.constant('public-name'),
    messages: fc.array(message, { maxLength: 6 }),
    stream: fc.boolean(),
    ...settings,
  },
  { requiredKeys: ['model', 'messages', 'stream'] },
) as fc.Arbitrary<ChatRequest>;

const count = fc.nat(5000);
const usage: fc.Arbitrary<Usage> = fc
  .record({ input: count, cacheRead: count, cacheWrite5m: count, cacheWrite1h: count, output: count, reasoning: count })
  .map((known) => Object.assign({}, NO_USAGE, known));

const candidate: fc.Arbitrary<Candidate> = fc.record({
  index: fc.constant(0),
  parts: parts(text, toolCall, reasoning, refusal),
  stop: fc.record({
    reason: fc.constantFrom('stop' as const, 'length' as const, 'tool-calls' as const, 'content-filter' as const),
    raw: fc.constant({ dialect: 'other-dialect', value: 'whatever' }),
  }),
});

/** Answers of one candidate. */
export const response: fc.Arbitrary<ChatResponse> = fc.record(
  {
    id: name,
    model: fc.constant('other-model'),
    created: fc.constant(1_700_000_000),
    candidates: candidate.map((one) => [one]),
    usage,
    serviceTier: fc.constantFrom('default', 'priority', 'flex'),
  },
  { requiredKeys: ['id', 'model', 'candidates'] },
) as fc.Arbitrary<ChatResponse>;

/** The events of an answer, with those of its parts streamed side by side: each part's own order is kept. */
export function interleaved(events: readonly ChatEvent[], picks: readonly number[]): ChatEvent[] {
  const lanes = new Map<number, ChatEvent[]>();
  const before: ChatEvent[] = [];
  const after: ChatEvent[] = [];
  for (const event of events) {
    if ('index' in event) lanes.set(event.index, [...(lanes.get(event.index) ?? []), event]);
    else (lanes.size === 0 ? before : after).push(event);
  }
  const mixed: ChatEvent[] = [];
  const open = [...lanes.values()];
  // Parts begin in the order of their indexes.
  for (const lane of open) mixed.push(lane.shift() as ChatEvent);
  for (const pick of picks) {
    const lane = open[pick % Math.max(1, open.length)];
    const next = lane?.shift();
    if (next !== undefined) mixed.push(next);
  }
  return [...before, ...mixed, ...open.flat(), ...after];
}
