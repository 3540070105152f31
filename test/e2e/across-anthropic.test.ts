/** Requests in the types of Anthropic's SDK to OpenAI: what is sent there, what is refused by name, and what is dropped aloud. */
import type Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Crossing, type Json } from './crossing.ts';

/** The SDK's own type has no sampling any more, which the API and its older clients have. */
type Request = Partial<Omit<Anthropic.MessageCreateParamsNonStreaming, 'model'>> & {
  temperature?: number;
  top_p?: number;
  top_k?: number;
};
type Block = Anthropic.ContentBlockParam;

let crossing: Crossing;

beforeAll(async () => {
  crossing = await Crossing.open();
});
afterAll(() => crossing.close());

const SAYS = [{ role: 'user' as const, content: 'hi' }];
const send = (request: Request | Json, lenient = false) =>
  crossing.send('anthropic-messages', { max_tokens: 50, messages: SAYS, ...request }, lenient);

const says = (...content: Block[]): Request => ({ messages: [{ role: 'user', content }] });
const asks = (...content: object[]): object => ({ messages: [{ role: 'user', content }] });
const answered = (...content: Block[]): Request => ({ messages: [...SAYS, { role: 'assistant', content }, ...SAYS] });

const SCHEMA = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const LOOK: Anthropic.Tool = { name: 'look', description: 'Look around.', input_schema: SCHEMA };
const LOOKED = { type: 'function', function: { name: 'look', description: 'Look around.', parameters: SCHEMA } };
const PNG = 'iVBORw0KGgo=';
const PDF = 'JVBERi0xLjQK';
const picture: Block = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };
const mark = { type: 'ephemeral' as const };

/** A call, and its result. */
const returns = (result: Omit<Anthropic.ToolResultBlockParam, 'type' | 'tool_use_id'>): Request => ({
  tools: [LOOK],
  messages: [
    ...SAYS,
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'look', input: { city: 'Oslo' } }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', ...result },
        { type: 'text', text: 'And?' },
      ],
    },
  ],
});
const returned = (content: unknown): object => ({
  messages: [
    ...SAYS,
    {
      role: 'assistant',
      tool_calls: [{ id: 't1', type: 'function', function: { name: 'look', arguments: '{"city":"Oslo"}' } }],
    },
    { role: 'tool', tool_call_id: 't1', content },
    { role: 'user', content: 'And?' },
  ],
});

describe('is sent', () => {
  test.each<[string, Request, object]>([
    ['the system prompt first', { system: 'S' }, { messages: [{ role: 'system', content: 'S' }, ...SAYS] }],
    [
      'an image by URL, beside text',
      says({ type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } }, { type: 'text', text: 'See?' }),
      asks({ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }, { type: 'text', text: 'See?' }),
    ],
    [
      'an image as data',
      says(picture),
      asks({ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }),
    ],
    [
      'a PDF, behind what it says of itself',
      says({
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: PDF },
        title: 'a.pdf',
        context: 'From 2020.',
        citations: { enabled: false },
      }),
      asks(
        { type: 'text', text: 'From 2020.' },
        { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } },
      ),
    ],
    [
      'a text document as text under its title',
      says({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Words.' }, title: 'T' }),
      asks({ type: 'text', text: 'T' }, { type: 'text', text: 'Words.' }),
    ],
    [
      'a document made of blocks as these',
      says({ type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'Words.' }, picture] } }),
      asks({ type: 'text', text: 'Words.' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }),
    ],
    ['a result as a message of its own', returns({ content: 'cold' }), returned('cold')],
    ['a result without content', returns({}), returned('')],
    [
      'a result of several texts',
      returns({
        content: [
          { type: 'text', text: 'cold' },
          { type: 'text', text: 'wet' },
        ],
      }),
      returned([
        { type: 'text', text: 'cold' },
        { type: 'text', text: 'wet' },
      ]),
    ],
  ])('%s', async (_what, request, sent) => {
    expect(await send(request)).toMatchObject({ status: 200, warning: null, faults: [], sent });
  });
});

describe('is sent in other words', () => {
  const single = { disable_parallel_tool_use: true };

  test.each<[string, Request, object]>([
    ['any tool', { tools: [LOOK], tool_choice: { type: 'any' } }, { tools: [LOOKED], tool_choice: 'required' }],
    ['no tool', { tools: [LOOK], tool_choice: { type: 'none' } }, { tool_choice: 'none' }],
    [
      'one call at a time',
      { tools: [LOOK], tool_choice: { type: 'auto', ...single } },
      { tool_choice: 'auto', parallel_tool_calls: false },
    ],
    [
      'a named tool',
      { tools: [LOOK], tool_choice: { type: 'tool', name: 'look' } },
      { tool_choice: { type: 'function', function: { name: 'look' } } },
    ],
    [
      'a strict tool, and what is so anyway',
      {
        tools: [
          { ...LOOK, strict: true, eager_input_streaming: true, defer_loading: false, allowed_callers: ['direct'] },
        ],
      },
      { tools: [{ type: 'function', function: { ...LOOKED.function, strict: true } }] },
    ],
    [
      'a JSON schema',
      { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
      { response_format: { type: 'json_schema', json_schema: { schema: SCHEMA } } },
    ],
    ['the limit', { max_tokens: 7 }, { max_completion_tokens: 7 }],
    ['stop sequences', { stop_sequences: ['A', 'B'] }, { stop: ['A', 'B'] }],
    ['sampling', { temperature: 0.5, top_p: 0.4 }, { temperature: 0.5, top_p: 0.4 }],
    [
      'a budget for thinking',
      { max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 8000 } },
      { reasoning_effort: 'medium' },
    ],
    [
      'effort, however thinking is shown',
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } },
      { reasoning_effort: 'high' },
    ],
    ['an end user', { metadata: { user_id: 'u' } }, { user: 'u' }],
    ['the tier', { service_tier: 'standard_only' }, { service_tier: 'default' }],
  ])('%s', async (_what, request, sent) => {
    expect(await send(request)).toMatchObject({ status: 200, warning: null, faults: [], sent });
  });

  test('an end user with a long id, under a shorter one', async () => {
    const user = async (user_id: string) => (await send({ metadata: { user_id } })).sent?.['user'];
    const long = 'u'.repeat(100);
    expect(await user(long)).toMatch(/^[0-9a-f]{64}$/);
    expect(await user(long)).toBe(await user(long));
    expect(await user(`${long}v`)).not.toBe(await user(long));
  });
});

describe('is refused by name, or dropped aloud', () => {
  const text: Block = { type: 'text', text: 'x' };
  const found: Block = { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'w' }] };
  const searched: Block = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
  const cited: Block = {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'w' },
    citations: { enabled: true },
  };

  test.each<[string, Request | Json]>([
    [
      'messages[0].content[0]',
      says({ type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' } }, text),
    ],
    ['messages[0].content[0]', says({ type: 'document', source: { type: 'file', file_id: 'f' } } as never, text)],
    ['messages[0].content[0]', says({ type: 'image', source: { type: 'file', file_id: 'f' } } as never, text)],
    ['messages[0].content[0]', says(found, text)],
    ['messages[0].content[0].citations', says(cited)],
    ['messages[1].content[0]', answered(searched, text)],
    ['messages[2].content[0].content[0]', returns({ content: [picture] })],
    ['tools[0]', { tools: [{ type: 'web_search_20250305', name: 'web_search' }, LOOK] }],
    ['tools[0].input_examples', { tools: [{ ...LOOK, input_examples: [{ city: 'Oslo' }] }] }],
    ['stop_sequences', { stop_sequences: ['A', 'B', 'C', 'D', 'E'] }],
    ['top_k', { top_k: 5 }],
    ['container', { container: 'c' }],
    ['inference_geo', { inference_geo: 'us' }],
    ['speed', { speed: 'fast' }],
    ['mcp_servers', { mcp_servers: [{ type: 'url', url: 'https://a.example', name: 'n' }] }],
    ['context_management', { context_management: { edits: [] } }],
  ])('%s', async (field, request) => {
    const refused = await send(request);
    expect(refused).toMatchObject({ status: 400, code: 'GW_UNSUPPORTED', field, sent: undefined });
    expect(JSON.parse(refused.reply)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    const dropped = await send(request, true);
    expect(dropped).toMatchObject({ status: 200, faults: [] });
    expect(dropped.warning).toContain(`${field}: `);
  });
});

describe('is left out aloud, always', () => {
  test.each<[string, Request, string, string]>([
    [
      'thinking with its signature',
      answered({ type: 'thinking', thinking: 'Because.', signature: 'SIGNED' }, { type: 'text', text: 'yes' }),
      'reasoning',
      'Because|SIGNED',
    ],
    [
      'thinking that is encrypted',
      answered({ type: 'redacted_thinking', data: 'SEALED' }, { type: 'text', text: 'yes' }),
      'reasoning',
      'SEALED',
    ],
    [
      'marks for the cache, on a text',
      says({ type: 'text', text: 'x', cache_control: mark }),
      'cache_control',
      'ephemeral',
    ],
    ['on the prompt', { system: [{ type: 'text', text: 'S', cache_control: mark }] }, 'cache_control', 'ephemeral'],
    ['on a tool', { tools: [{ ...LOOK, cache_control: mark }] }, 'cache_control', 'ephemeral'],
    ['on a result', returns({ content: 'x', cache_control: { ...mark, ttl: '1h' } }), 'cache_control', 'ephemeral|1h'],
    ['on everything', { cache_control: mark }, 'cache_control', 'ephemeral'],
    ['that a tool failed', returns({ content: 'boom', is_error: true }), 'is_error', 'is_error'],
  ])('%s', async (_what, request, field, gone) => {
    const outcome = await send(request);
    expect(outcome).toMatchObject({ status: 200, faults: [] });
    expect(outcome.warning).toContain(`${field}: `);
    expect(JSON.stringify(outcome.sent)).not.toMatch(new RegExp(gone));
  });
});
