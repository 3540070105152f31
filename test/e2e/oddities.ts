/** What real streams do, one by one, as the providers' own bytes have it. */

/** What a client must have got in the end: an answer, or an error whose message matches. */
export interface Told {
  readonly text?: string;
  readonly reasoning?: string;
  /** Names and arguments of the tools that are called. */
  readonly calls?: readonly (readonly [string, unknown])[];
  /** In the words of OpenAI's dialect. */
  readonly stop?: string;
  /** Input and output. */
  readonly usage?: readonly [number, number];
  readonly error?: RegExp;
}

export interface Oddity {
  readonly what: string;
  /** The instance id of the provider whose dialect it is. */
  readonly provider: string;
  readonly stream: string;
  readonly told: Told;
}

const data = (...events: unknown[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
const chunk = (delta: object, finish: string | null = null, more: object = {}, choice: object = {}): object => ({
  id: 'c-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish, ...choice }],
  ...more,
});
const bare = (more: object): object => ({
  id: 'c-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [],
  ...more,
});
const usage = { usage: { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 } };
const [role, hel, lo, stop] = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Hel' }),
  chunk({ content: 'lo' }),
  chunk({}, 'stop'),
];
const DONE = '[DONE]';
const HELLO: Told = { text: 'Hello', stop: 'stop' };
const COUNTED: Told = { ...HELLO, usage: [4, 3] };
const call = (more: object = {}): object => ({
  id: 'gSIMJiOkT',
  function: { name: 'f', arguments: '{"a":1}' },
  ...more,
});
const CALLED: Told = { calls: [['f', { a: 1 }]], stop: 'tool_calls' };

const compatible = (what: string, stream: string, told: Told, provider = 'compatible'): Oddity => ({
  what,
  provider,
  stream,
  told,
});

const FRAMES: readonly Oddity[] = [
  compatible('line ends are CRLF (Perplexity)', data(role, hel, lo, stop, DONE).replaceAll('\n', '\r\n'), HELLO),
  compatible(
    'comments stand between the events (OpenRouter)',
    `: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n${data(role, hel)}: OPENROUTER PROCESSING\n\n${data(lo, stop, DONE)}`,
    HELLO,
  ),
  compatible(
    'there is no space behind the colon',
    data(role, hel, lo, stop, DONE).replaceAll('data: ', 'data:'),
    HELLO,
  ),
  compatible('the last blank line is missing', data(role, hel, lo, stop, DONE).trimEnd(), HELLO),
  compatible('[DONE] is missing (xAI, some vLLM)', data(role, hel, lo, stop), HELLO),
  compatible('[DONE] and the last line end are missing', data(role, hel, lo, stop).trimEnd(), HELLO),
];

const COUNTS: readonly Oddity[] = [
  compatible(
    'usage comes last, without choices (OpenAI)',
    data(role, hel, lo, stop, bare(usage), DONE),
    COUNTED,
    'openai',
  ),
  compatible(
    'the first chunk has no choices (Azure)',
    data(
      bare({ id: '', model: '', prompt_filter_results: [{ prompt_index: 0 }] }),
      role,
      hel,
      lo,
      stop,
      bare(usage),
      DONE,
    ),
    COUNTED,
    'azure-openai',
  ),
  compatible(
    'usage stands beside the last choice (Mistral)',
    data(role, hel, lo, chunk({}, 'stop', usage), DONE),
    COUNTED,
    'mistral',
  ),
  compatible(
    'usage stands in x_groq (Groq)',
    data(role, hel, lo, chunk({}, 'stop', { x_groq: { id: 'r', ...usage } }), DONE),
    COUNTED,
  ),
  compatible(
    'usage stands in every chunk (Perplexity)',
    data(
      chunk({ role: 'assistant', content: 'Hel' }, null, { usage: { ...usage.usage, completion_tokens: 1 } }),
      chunk({ content: 'lo' }, 'stop', usage),
      DONE,
    ),
    COUNTED,
  ),
];

const CONTENTS: readonly Oddity[] = [
  compatible(
    'the finish reason stands beside content (Mistral, vLLM)',
    data(role, hel, chunk({ content: 'lo' }, 'stop'), DONE),
    HELLO,
    'mistral',
  ),
  compatible(
    'the finish reason stands beside a tool call, which has no index (Mistral)',
    data(role, chunk({ content: null, tool_calls: [call()] }, 'tool_calls', usage), DONE),
    { ...CALLED, usage: [4, 3] },
    'mistral',
  ),
  compatible(
    'two tool calls without index come one after the other',
    data(role, chunk({ tool_calls: [call(), call({ id: 'h2kLmN4pQ' })] }, 'tool_calls'), DONE),
    {
      calls: [
        ['f', { a: 1 }],
        ['f', { a: 1 }],
      ],
      stop: 'tool_calls',
    },
    'mistral',
  ),
  compatible(
    'content is a list with thoughts in it (Mistral)',
    data(
      chunk({ role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }),
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: '.' }] }] }),
      chunk({ content: [{ type: 'text', text: 'Hello' }] }),
      stop,
      DONE,
    ),
    { ...HELLO, reasoning: 'Hm.' },
    'mistral',
  ),
  compatible(
    'content is null (DeepSeek)',
    data(chunk({ role: 'assistant', content: null }), hel, chunk({ content: null }), lo, stop, DONE),
    HELLO,
  ),
  ...['reasoning_content', 'reasoning'].map((field) =>
    compatible(
      `thoughts stand in ${field}`,
      data(chunk({ role: 'assistant', content: null, [field]: 'Hm' }), chunk({ [field]: '.' }), hel, lo, stop, DONE),
      { ...HELLO, reasoning: 'Hm.' },
    ),
  ),
  compatible(
    'chunks are obfuscated (OpenAI)',
    data(role, { ...hel, obfuscation: 'aX9' }, { ...lo, obfuscation: 'q' }, stop, DONE),
    HELLO,
    'openai',
  ),
];

const ENDS: readonly Oddity[] = [
  compatible(
    'an event of the kind error ends it (Groq)',
    `${data(role, hel)}event: error\n${data({ error: { message: 'Tool use failed', type: 'invalid_request_error', status_code: 400 } })}${data(DONE)}`,
    { error: /Tool use failed/ },
  ),
  compatible('a line that is no event ends it (vLLM)', `${data(role, hel)}error: {"message":"out of memory"}\n\n`, {
    error: /./,
  }),
  compatible(
    'an error stands inside a choice, before [DONE] (OpenRouter)',
    data(role, hel, chunk({ content: '' }, 'error', {}, { error: { code: 502, message: 'Upstream idle' } }), DONE),
    { error: /Upstream idle/ },
  ),
  compatible('an error is an event like others', data(role, hel, { error: { message: 'Overloaded', code: 503 } }), {
    error: /Overloaded/,
  }),
  compatible('it just ends, without a finish reason', data(role, hel), { error: /./ }),
];

export const CHAT_ODDITIES: readonly Oddity[] = [...FRAMES, ...COUNTS, ...CONTENTS, ...ENDS];
