/** One request for each thing that requests can have, in the neutral form, and where to look for the thing. */
import type { ChatRequest, Message, Part, RequestFeature, Tool } from '@gatewright/core';

/** A dialect that no plugin speaks. */
export const STRANGER = 'stranger-chat';

/** A request without the thing, one with it, and what of a request the thing is. */
export interface RequestProbe {
  readonly without: ChatRequest;
  readonly with: ChatRequest;
  readonly look: (request: ChatRequest) => unknown;
}

const text = (words: string): Part => ({ type: 'text', text: words });
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const HELLO = user(text('Hello.'));

/** Each dialect that must have a limit has one here. */
const PLAIN: ChatRequest = { model: 'm', stream: false, messages: [HELLO], maxOutput: 4000 };

const LOOK: Tool = {
  kind: 'function',
  name: 'look',
  description: 'Looks.',
  parameters: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] },
};
const CALL: Part = { type: 'tool-call', id: 'call_1', name: 'look', arguments: '{"at":"sky"}' };
const WITH_TOOL: ChatRequest = { ...PLAIN, tools: [LOOK] };

const returned = (parts: readonly Part[], more: object = {}): ChatRequest => ({
  ...WITH_TOOL,
  messages: [
    HELLO,
    { role: 'assistant', parts: [CALL] },
    { role: 'tool', parts: [{ type: 'tool-result', id: 'call_1', parts, ...more }] },
  ],
});

const PNG = { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } as const;
const PDF = { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0xLjQK' } as const;

/** The thing is a setting: a member of the request. */
function setting<K extends keyof ChatRequest>(key: K, value: ChatRequest[K], without = PLAIN): RequestProbe {
  return { without, with: { ...without, [key]: value }, look: (request) => request[key] };
}

/** The thing is a part of the user's message. */
function part(found: Part, look: (part: Part) => unknown = (one) => one, without = PLAIN): RequestProbe {
  return {
    without,
    with: { ...PLAIN, messages: [user(found, text('Hello.'))] },
    look: ({ messages }) =>
      messages.flatMap(({ parts }) => parts.filter(({ type }) => type === found.type).map(look))[0],
  };
}

/** The thing is a part of an earlier answer. */
function earlier(found: Part, besides: readonly Part[] = []): RequestProbe {
  const turns = (parts: readonly Part[]): ChatRequest => ({
    ...WITH_TOOL,
    messages: [HELLO, { role: 'assistant', parts }, HELLO],
  });
  return {
    without: turns(besides),
    with: turns([found, ...besides]),
    look: ({ messages }) => messages.flatMap(({ parts }) => parts).find(({ type }) => type === found.type),
  };
}

/** The thing is a message. */
function message(added: Message, behind: readonly Message[] = []): RequestProbe {
  const at = behind.length;
  return {
    without: { ...PLAIN, messages: [...behind, HELLO] },
    with: { ...PLAIN, messages: [...behind, added, HELLO] },
    look: ({ messages }) => [messages[at]?.role, messages[at]?.parts],
  };
}

/** The thing is in the result of a tool. */
function result(parts: readonly Part[], more: object, without: ChatRequest): RequestProbe {
  const look = ({ messages }: ChatRequest): unknown =>
    messages.flatMap((one) => one.parts).find(({ type }) => type === 'tool-result');
  return { without, with: returned(parts, more), look };
}

const sourceOf = (one: Part): unknown => ('source' in one ? one.source : undefined);

const MESSAGES: Pick<
  Record<RequestFeature, RequestProbe>,
  | 'system'
  | 'developer'
  | 'system-later'
  | 'participant-name'
  | 'refusal-history'
  | 'reasoning-history'
  | 'tool-call'
  | 'broken-arguments'
  | 'tool-result'
  | 'tool-result-image'
  | 'tool-error'
> = {
  system: message({ role: 'system', parts: [text('Be kind.')] }),
  developer: message({ role: 'developer', parts: [text('Be brief.')] }),
  'system-later': message({ role: 'system', parts: [text('Now be kind.')] }, [HELLO]),
  'participant-name': {
    without: PLAIN,
    with: { ...PLAIN, messages: [{ ...HELLO, name: 'bob' }] },
    look: ({ messages }) => messages[0]?.name,
  },
  'refusal-history': earlier({ type: 'refusal', text: 'No.' }),
  'reasoning-history': earlier({ type: 'reasoning', text: 'Because.', signature: 'c2ln', origin: STRANGER }, [
    text('Yes.'),
  ]),
  'tool-call': earlier(CALL),
  'broken-arguments': earlier({ ...CALL, arguments: '{"at' }),
  'tool-result': result([text('blue')], {}, returned([])),
  'tool-result-image': result([text('blue'), { type: 'image', source: PNG }], {}, returned([text('blue')])),
  'tool-error': result([text('blue')], { isError: true }, returned([text('blue')])),
};

const PARTS = {
  'image-data': part({ type: 'image', source: PNG }),
  'image-url': part({ type: 'image', source: { kind: 'url', url: 'https://a.example/b.png' } }),
  'image-detail': part({ type: 'image', source: PNG, detail: 'low' }, undefined, {
    ...PLAIN,
    messages: [user({ type: 'image', source: PNG }, text('Hello.'))],
  }),
  'pdf-data': part({ type: 'document', source: PDF }, sourceOf),
  'pdf-url': part({ type: 'document', source: { kind: 'url', url: 'https://a.example/b.pdf' } }, sourceOf),
  'text-document': part(
    { type: 'document', source: { kind: 'text', mediaType: 'text/plain', text: 'Words.' } },
    sourceOf,
  ),
  'document-title': part(
    { type: 'document', source: PDF, title: 'a.pdf' },
    (one) => (one.type === 'document' ? one.title : undefined),
    { ...PLAIN, messages: [user({ type: 'document', source: PDF }, text('Hello.'))] },
  ),
  'audio-data': part({ type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklGRg==' } }, sourceOf),
  'file-id': part({ type: 'document', source: { kind: 'file', id: 'file-1', origin: STRANGER } }, sourceOf),
  'cache-mark': part({ type: 'text', text: 'Long.', cache: { ttl: '5m' } }, undefined, {
    ...PLAIN,
    messages: [user(text('Long.'), text('Hello.'))],
  }),
} as const;

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };

const SETTINGS = {
  tool: setting('tools', [LOOK]),
  'strict-tool': setting('tools', [{ ...LOOK, strict: true }], WITH_TOOL),
  'choice-required': setting('toolChoice', { kind: 'required' }, WITH_TOOL),
  'choice-tool': setting('toolChoice', { kind: 'tool', name: 'look' }, WITH_TOOL),
  'choice-none': setting('toolChoice', { kind: 'none' }, WITH_TOOL),
  'one-tool-at-a-time': setting('parallelTools', false, WITH_TOOL),
  'json-answer': setting('responseFormat', { kind: 'json' }),
  'schema-answer': setting('responseFormat', { kind: 'schema', schema: SCHEMA }),
  'reasoning-effort': setting('reasoning', { effort: 'high' }),
  'reasoning-budget': setting('reasoning', { mode: 'enabled', budgetTokens: 2048 }),
  'reasoning-off': setting('reasoning', { mode: 'disabled' }),
  stop: setting('stop', ['END', 'FIN']),
  'many-stops': setting('stop', ['a', 'b', 'c', 'd', 'e', 'f']),
  'max-output': setting('maxOutput', 77),
  temperature: setting('temperature', 0.25),
  'high-temperature': setting('temperature', 1.5),
  'top-p': setting('topP', 0.9),
  'top-k': setting('topK', 40),
  seed: setting('seed', 4711),
  'presence-penalty': setting('presencePenalty', 0.5),
  'frequency-penalty': setting('frequencyPenalty', 0.5),
  candidates: setting('candidates', 2),
  logprobs: setting('logprobs', { top: 2 }),
  'end-user': setting('endUser', 'user-1'),
  metadata: setting('metadata', { team: 'blue' }),
  'service-tier': setting('serviceTier', 'flex'),
  'foreign-tool': setting('tools', [LOOK, { kind: 'opaque', dialect: STRANGER, value: { type: 'search' } }], WITH_TOOL),
  'foreign-field': setting('rest', { dialect: STRANGER, fields: { container: 'c1' } }),
} as const;

export const REQUEST_PROBES: Readonly<Record<RequestFeature, RequestProbe>> = { ...MESSAGES, ...PARTS, ...SETTINGS };
