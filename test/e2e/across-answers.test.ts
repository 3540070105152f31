/** Answers by hand, in the providers' own forms, to the client of the other dialect: what it is shown, and what it is told of losses. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { violations } from './specs.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

type Json = Record<string, unknown>;

let upstream: Upstream;
let gateway: TestGateway;
let asked = 0;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await startGateway({ upstream: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const SAYS = [{ role: 'user', content: 'hi' }];

/** The body that the client gets, checked by its own provider's schema, and the fields that it is told of. */
async function answer(path: string, model: string, given: Json): Promise<{ body: Json; told: string[] }> {
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(given)] });
  const response = await post(`${gateway.url}${path}`, { model, max_tokens: 50, messages: SAYS });
  expect(response.status).toBe(200);
  const body = (await response.json()) as Json;
  expect(violations(path === '/v1/messages' ? 'anthropic-response' : 'openai-response', body)).toEqual([]);
  const { warnings } = await gateway.record(asked++);
  const header = response.headers.get('x-gatewright-warning') ?? '';
  for (const { field } of warnings) expect(header).toContain(`${field}: `);
  return { body, told: warnings.map(({ field }) => field) };
}

const message = (content: Json[], more: Json = {}): Json => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-up',
  content,
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 4 },
  ...more,
});
const text = (value: string, more: Json = {}): Json => ({ type: 'text', text: value, ...more });

describe("Anthropic's answer to a client of OpenAI's dialect", () => {
  const citation = { type: 'web_search_result_location', cited_text: 'a', url: 'https://a.example', title: 'T' };

  test.each<[string, Json, Json, string[]]>([
    ['texts are one', message([text('A'), text('B')]), { message: { content: 'AB' }, finish_reason: 'stop' }, []],
    [
      'thinking without its signature',
      message([{ type: 'thinking', thinking: 'Hm.', signature: 'S' }, text('A')]),
      { message: { reasoning_content: 'Hm.', content: 'A' } },
      ['reasoning'],
    ],
    [
      'no encrypted thinking',
      message([{ type: 'redacted_thinking', data: 'SEALED' }, text('A')]),
      { message: { content: 'A' } },
      ['reasoning'],
    ],
    ['no citations', message([text('A', { citations: [citation] })]), { message: { content: 'A' } }, ['citations']],
    [
      'calls of its own tools only',
      message(
        [
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
          { type: 'tool_use', id: 't1', name: 'look', input: { city: 'Oslo' } },
        ],
        { stop_reason: 'tool_use' },
      ),
      {
        message: { tool_calls: [{ id: 't1', function: { name: 'look', arguments: '{"city":"Oslo"}' } }] },
        finish_reason: 'tool_calls',
      },
      ['choices[0].message.content[0]'],
    ],
    ['an unfinished turn', message([text('A')], { stop_reason: 'pause_turn' }), { finish_reason: 'length' }, []],
    ['an output limit', message([text('A')], { stop_reason: 'max_tokens' }), { finish_reason: 'length' }, []],
    [
      'a full context',
      message([text('A')], { stop_reason: 'model_context_window_exceeded' }),
      { finish_reason: 'length' },
      [],
    ],
    [
      'a stop sequence',
      message([text('A')], { stop_reason: 'stop_sequence', stop_sequence: 'X' }),
      { finish_reason: 'stop' },
      [],
    ],
    [
      'a refusal',
      message([], { stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'cyber' } }),
      { finish_reason: 'content_filter', message: { content: null } },
      ['choices[0].stop_details'],
    ],
  ])('%s', async (_what, given, choice, told) => {
    const seen = await answer('/v1/chat/completions', 'claude', given);
    expect(seen.body['choices']).toMatchObject([choice]);
    expect(seen.told).toEqual(told);
    expect(JSON.stringify(seen.body)).not.toMatch(/SEALED|"signature"/);
  });

  test('counts what was read from and written to a cache in the prompt', async () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 40,
      output_tokens_details: { thinking_tokens: 25 },
    };
    const { body } = await answer('/v1/chat/completions', 'claude', message([text('A')], { usage }));
    expect(body['usage']).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 40,
      total_tokens: 140,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
      completion_tokens_details: { reasoning_tokens: 25 },
    });
  });
});

const completion = (choices: Json[], more: Json = {}): Json => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-up',
  system_fingerprint: 'fp_1',
  choices,
  usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
  ...more,
});
const choice = (said: Json, more: Json = {}): Json => ({
  index: 0,
  message: { role: 'assistant', content: null, refusal: null, ...said },
  logprobs: null,
  finish_reason: 'stop',
  ...more,
});

describe("OpenAI's answer to a client of Anthropic's dialect", () => {
  const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"city":"Oslo"}' } };
  const grammar = { id: 'c2', type: 'custom', custom: { name: 'grammar', input: 'x' } };
  const cites = {
    type: 'url_citation',
    url_citation: { url: 'https://a.example', title: 'T', start_index: 0, end_index: 1 },
  };
  const token = { token: 'A', logprob: -1, bytes: [65], top_logprobs: [] };
  const spoken = { id: 'audio_1', data: 'AA', expires_at: 1, transcript: 'A' };

  test.each<[string, Json, Json, string[]]>([
    ['a text', completion([choice({ content: 'A' })]), { content: [text('A')], stop_reason: 'end_turn' }, []],
    [
      'reasoning, with a signature that nobody takes for one',
      completion([choice({ reasoning_content: 'Hm.', content: 'A' })]),
      { content: [{ type: 'thinking', thinking: 'Hm.', signature: '' }, text('A')] },
      [],
    ],
    [
      'a call, whatever the reason says',
      completion([choice({ tool_calls: [call] })]),
      { content: [{ type: 'tool_use', id: 'c1', name: 'look', input: { city: 'Oslo' } }], stop_reason: 'tool_use' },
      [],
    ],
    ['a refusal', completion([choice({ refusal: 'No.' })]), { content: [text('No.')], stop_reason: 'refusal' }, []],
    ['a filter', completion([choice({}, { finish_reason: 'content_filter' })]), { stop_reason: 'refusal' }, []],
    ['a limit', completion([choice({ content: 'A' }, { finish_reason: 'length' })]), { stop_reason: 'max_tokens' }, []],
    ['nothing at all', completion([choice({})]), { content: [], stop_reason: 'end_turn' }, []],
    ['no calls of another kind', completion([choice({ tool_calls: [grammar] })]), { content: [] }, ['content.0']],
    [
      'no annotations',
      completion([choice({ content: 'A', annotations: [cites] })]),
      { content: [text('A')] },
      ['content.0.citations'],
    ],
    ['no sound', completion([choice({ audio: spoken })]), { content: [] }, ['content.0']],
    [
      'no log probabilities',
      completion([choice({ content: 'A' }, { logprobs: { content: [token], refusal: null } })]),
      {},
      ['logprobs'],
    ],
    [
      'one answer of several',
      completion([choice({ content: 'A' }), choice({ content: 'B' }, { index: 1 })]),
      { content: [text('A')] },
      ['choices'],
    ],
  ])('%s', async (_what, given, shown, told) => {
    const seen = await answer('/v1/messages', 'gpt', given);
    expect(seen.body).toMatchObject(shown);
    expect(seen.told).toEqual(told);
  });

  test('counts what was read from and written to a cache apart from the input', async () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 40,
      total_tokens: 140,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
      completion_tokens_details: { reasoning_tokens: 25 },
    };
    const { body } = await answer('/v1/messages', 'gpt', completion([choice({ content: 'A' })], { usage }));
    expect(body['usage']).toMatchObject({
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      output_tokens: 40,
      output_tokens_details: { thinking_tokens: 25 },
    });
  });
});

test('thinking keeps its signature on the way back to who signed it, also where a plugin changed the request', async () => {
  const changed = inlinePlugin('changed', ({ hooks }) =>
    hooks.transform.request.tap('chat', (request) => ({ ...request, temperature: 1 })),
  );
  const own = await startGateway({ upstream: upstream.url, plugins: [changed] });
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(message([text('A')]))] });
  const thought = [
    { type: 'thinking', thinking: 'Hm.', signature: 'SIGNED' },
    { type: 'redacted_thinking', data: 'SEALED' },
    text('A'),
  ];
  const messages = [...SAYS, { role: 'assistant', content: thought }, ...SAYS];
  const response = await post(`${own.url}/v1/messages`, { model: 'claude', max_tokens: 50, messages });
  expect(response.status).toBe(200);
  const sent = JSON.parse(upstream.received[0]?.body.toString() ?? '') as Json;
  expect(sent).toMatchObject({ temperature: 1, messages });
  await own.close();
});
