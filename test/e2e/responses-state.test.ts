/** What needs a provider that keeps state: passed on where one does, refused with advice where none does. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestGateway } from './gateways.ts';
import { responsesGateway } from './responses-stage.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { ANTHROPIC_HELLO, OPENAI_HELLO } from './wires.ts';

let upstream: Upstream;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await responsesGateway(upstream.url);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'k', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const HELLO = JSON.stringify({
  id: 'resp_68af',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'gpt-upstream',
  output: [],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
});

const answer = (body: string): void => upstream.answer({ headers: JSON_BODY, chunks: [body] });
const sent = (): Record<string, unknown> => JSON.parse(String(upstream.received[0]?.body)) as Record<string, unknown>;

/** What the client throws. */
async function failure(run: () => PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await run();
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** Each with what the message must say of what to do instead. */
const STATEFUL: readonly [string, Record<string, unknown>, RegExp][] = [
  ['previous_response_id', { previous_response_id: 'resp_68ae' }, /keeps no answers.*whole conversation/],
  ['conversation', { conversation: 'conv_1' }, /keeps no conversations.*whole conversation/],
  ['background', { background: true }, /leave `background` out/],
  ['prompt', { prompt: { id: 'pmpt_1', version: '2' } }, /no stored prompts.*`instructions` and `input`/],
  ['store', { store: true }, /`store: false`/],
  ['truncation', { truncation: 'auto' }, /leave `truncation` out/],
  ['max_tool_calls', { max_tool_calls: 2 }, /runs no tools/],
  ['input', { input: [{ type: 'item_reference', id: 'msg_68ae' }] }, /keeps no items.*"msg_68ae"/],
  ['tools[0]', { tools: [{ type: 'web_search' }] }, /web_search.*offer a function/],
  ['tools[0]', { tools: [{ type: 'custom', name: 'sql' }] }, /custom/],
];

describe('where the provider speaks the dialect', () => {
  test.each(STATEFUL)('%s of %j goes on', async (_field, fields) => {
    answer(HELLO);
    const body = { input: 'Hello', ...fields, model: 'gpt' } as OpenAI.Responses.ResponseCreateParamsNonStreaming;
    await client.responses.create(body);
    expect(upstream.received[0]?.path).toBe('/v1/responses');
    expect(sent()).toEqual({ ...body, model: 'gpt-upstream' });
  });

  test('the bytes of request and answer pass', async () => {
    answer(HELLO);
    const text = '{ "model":"gpt", "x_new": [1],\n"input":"Hello" }';
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${gateway.url}/v1/responses`, { method: 'POST', headers, body: text });
    expect(upstream.received[0]?.body.toString()).toBe(text.replace('"gpt"', '"gpt-upstream"'));
    expect(await reply.text()).toBe(HELLO);
  });
});

describe.each(['plain', 'claude', 'gem'])('at %s, which keeps nothing', (model) => {
  test.each(STATEFUL)('%s of %j is refused, with what to do', async (field, fields, advice) => {
    answer(HELLO);
    const body = { input: 'Hello', ...fields, model } as OpenAI.Responses.ResponseCreateParamsNonStreaming;
    const error = await failure(() => client.responses.create(body));
    expect([error.status, error.code, error.param]).toEqual([400, 'GW_UNSUPPORTED', expect.stringContaining(field)]);
    expect(error.message).toMatch(advice);
    expect(upstream.received).toEqual([]);
  });
});

describe('ids of answers that nobody keeps', () => {
  test.each(['gpt', 'claude'])('are refused by %s: previous_response_id', async (model) => {
    const body = { model, input: 'Go on', previous_response_id: 'resp_gw_0a1b' };
    const error = await failure(() => client.responses.create(body));
    expect([error.status, error.code, error.param]).toEqual([400, 'GW_BAD_REQUEST', 'previous_response_id']);
    expect(error.message).toMatch(/"resp_gw_0a1b".*nobody keeps/);
    expect(error.message).toMatch(/store: false/);
  });

  test.each(['gpt', 'claude'])('are refused by %s: an item', async (model) => {
    const error = await failure(() =>
      client.responses.create({ model, input: [{ type: 'item_reference', id: 'msg_gw_0a_1' }] }),
    );
    expect([error.status, error.code, error.param]).toEqual([400, 'GW_BAD_REQUEST', 'input']);
    expect(error.message).toMatch(/"msg_gw_0a_1"/);
  });

  test('are not there where they are asked for', async () => {
    for (const run of [
      () => client.responses.retrieve('resp_gw_1'),
      () => client.responses.delete('resp_gw_1'),
      () => client.responses.cancel('resp_gw_1'),
      () => client.responses.inputItems.list('resp_gw_1'),
    ]) {
      const error = await failure(run);
      expect([error.status, error.code]).toEqual([404, 'GW_NOT_FOUND']);
      expect(error.message).toMatch(/Nobody keeps/);
    }
  });
});

describe('what one provider thought', () => {
  const THINKING = JSON.stringify({
    ...(JSON.parse(ANTHROPIC_HELLO) as object),
    content: [
      { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmVk' },
      { type: 'redacted_thinking', data: 'c2VjcmV0' },
      { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} },
    ],
    stop_reason: 'tool_use',
  });
  const tools: OpenAI.Responses.FunctionTool[] = [
    { type: 'function', name: 'look', parameters: { type: 'object' }, strict: false },
  ];

  /** A conversation in which the model has thought, and called a tool. */
  async function thought(): Promise<OpenAI.Responses.ResponseInputItem[]> {
    answer(THINKING);
    const { output } = await client.responses.create({ model: 'claude', input: 'Look', tools });
    expect(output.map(({ type }) => type)).toEqual(['reasoning', 'reasoning', 'function_call']);
    const result = { type: 'function_call_output' as const, call_id: 'toolu_1', output: 'a tree' };
    return [{ role: 'user', content: 'Look' }, ...(output as OpenAI.Responses.ResponseInputItem[]), result];
  }

  test('goes back to it with its signature', async () => {
    const input = await thought();
    answer(ANTHROPIC_HELLO);
    await client.responses.create({ model: 'claude', input, tools });
    expect(sent()['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Look' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmVk' },
          { type: 'redacted_thinking', data: 'c2VjcmV0' },
          { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} },
        ],
      },
      { role: 'user', content: [expect.objectContaining({ type: 'tool_result', tool_use_id: 'toolu_1' })] },
    ]);
  });

  test.each([
    ['gpt', HELLO],
    ['plain', OPENAI_HELLO],
  ])('does not go to %s, which is said', async (model, reply) => {
    const input = await thought();
    answer(reply);
    const { response } = await client.responses.create({ model, input, tools }).withResponse();
    expect(response.headers.get('x-gatewright-warning')).toMatch(/^reasoning: /);
    expect(String(upstream.received[0]?.body)).not.toMatch(/gatewright\.|c2lnbmVk|Let me see/);
    expect(String(upstream.received[0]?.body)).toMatch(/toolu_1/);
  });
});

describe('a stream that breaks', () => {
  const created = (model: string) => ({
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'in_progress',
    model,
    output: [],
  });
  const frame = (event: Record<string, unknown>): string =>
    `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`;
  const item = { id: 'msg_1', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const BEGUN = [
    frame({ type: 'response.created', sequence_number: 0, response: created('gpt-upstream') }),
    frame({ type: 'response.output_item.added', sequence_number: 1, output_index: 0, item }),
    frame({
      type: 'response.content_part.added',
      sequence_number: 2,
      output_index: 0,
      content_index: 0,
      item_id: 'msg_1',
      part,
    }),
    frame({
      type: 'response.output_text.delta',
      sequence_number: 3,
      output_index: 0,
      content_index: 0,
      item_id: 'msg_1',
      delta: 'Hel',
      logprobs: [],
    }),
  ];
  const ask = (): Promise<string> =>
    fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt', input: 'Hello', stream: true }),
    }).then((reply) => reply.text());

  test.each(['reset', 'end'] as const)('by %s ends with one error, under the next number', async (end) => {
    upstream.answer({ headers: EVENT_STREAM, chunks: BEGUN, end });
    const text = await ask();
    expect(text.match(/^event: .*$/gm)?.at(-1)).toBe('event: error');
    expect(text.match(/^event: error$/gm)).toHaveLength(1);
    expect(text).not.toMatch(/response\.(completed|incomplete|failed)/);
    const last = JSON.parse(text.slice(text.lastIndexOf('data: ') + 6)) as Record<string, unknown>;
    expect(last).toMatchObject({
      type: 'error',
      sequence_number: 4,
      param: null,
      code: expect.stringMatching(/^GW_UPSTREAM_/),
    });
  });

  test.each([
    [
      'error',
      { type: 'error', sequence_number: 4, error: { type: 'server_error', code: 'server_error', message: 'Broken.' } },
    ],
    ['flat error', { type: 'error', sequence_number: 4, code: 'server_error', message: 'Broken.', param: null }],
    [
      'failed response',
      {
        type: 'response.failed',
        sequence_number: 4,
        response: { ...created('m'), status: 'failed', error: { code: 'server_error', message: 'Broken.' } },
      },
    ],
  ])('by its own %s ends with that', async (_name, event) => {
    upstream.answer({ headers: EVENT_STREAM, chunks: [...BEGUN, frame(event)] });
    const stream = client.responses.stream({ model: 'gpt', input: 'Hello' });
    const error = await failure(() => stream.finalResponse());
    expect([error.message, error.code]).toEqual([expect.stringContaining('Broken.'), 'server_error']);
  });

  test('before its content is tried elsewhere', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: BEGUN.slice(0, 1) });
    const error = await failure(() => client.responses.create({ model: 'gpt', input: 'Hello', stream: true }));
    expect([error.status, error.code]).toEqual([502, 'GW_UPSTREAM_EMPTY']);
  });
});
