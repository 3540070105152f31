/** The quick start starts, answers in both dialects without any account, and stops when told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExample, type Started } from '../started.test.kit.ts';

const KEY = 'sk-gatewright-demo';
let gateway: Started;
let exitCode: number | null | undefined;

beforeAll(async () => {
  gateway = await startExample('quickstart');
});

afterAll(async () => {
  if (exitCode === undefined) await gateway.stop();
});

function post(path: string, body: object, headers: Record<string, string> = { authorization: `Bearer ${KEY}` }) {
  return fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

// The simulated model is told not to take its time.
const messages = [{ role: 'user', content: 'Why is the sky blue? [simulate: pace-0]' }];
const QUOTE = '“Why is the sky blue?”';

describe("in OpenAI's dialect", () => {
  test.each(['demo', 'smart', 'shaky'])('%s answers, whole', async (model) => {
    const response = await post('/v1/chat/completions', { model, messages });
    const reply = (await response.json()) as { choices: { message: { content: string }; finish_reason: string }[] };
    expect(response.status).toBe(200);
    expect(reply.choices[0]).toMatchObject({ message: { role: 'assistant' }, finish_reason: 'stop' });
    expect(reply.choices[0]?.message.content).toContain(QUOTE);
  });

  test.each(['demo', 'shaky'])('%s answers, streamed', async (model) => {
    const response = await post('/v1/chat/completions', { model, messages, stream: true });
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(text).toContain('"content":" simulated"');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(text).not.toContain('"error"');
  });

  test('the models are listed', async () => {
    const response = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } });
    const { data } = (await response.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(['demo', 'smart', 'shaky']);
  });
});

describe("in Anthropic's dialect", () => {
  const headers = { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' };

  test('whole', async () => {
    const response = await post('/v1/messages', { model: 'demo', max_tokens: 500, messages }, headers);
    const reply = (await response.json()) as { content: { type: string; text: string }[]; stop_reason: string };
    expect([response.status, reply.stop_reason]).toEqual([200, 'end_turn']);
    expect(reply.content[0]?.text).toContain(QUOTE);
  });

  test('streamed', async () => {
    const response = await post('/v1/messages', { model: 'demo', max_tokens: 500, messages, stream: true }, headers);
    const text = await response.text();
    expect(text).toMatch(/^event: message_start\n/u);
    expect(text).toContain('event: message_stop');
  });

  test('token counts', async () => {
    const response = await post('/v1/messages/count_tokens', { model: 'demo', messages }, headers);
    expect(await response.json()).toEqual({ input_tokens: expect.any(Number) as number });
  });
});

test('without the key nobody gets in', async () => {
  expect((await post('/v1/chat/completions', { model: 'demo', messages }, {})).status).toBe(401);
  const wrong = { authorization: 'Bearer sk-gatewright-other' };
  expect((await post('/v1/chat/completions', { model: 'demo', messages }, wrong)).status).toBe(401);
});

test('metrics are there', async () => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(text).toMatch(/^gatewright_\w+\{[^}]*model="demo"/mu);
});

test('it stops when told, and has written a line for each request', async () => {
  exitCode = await gateway.stop();
  const lines = gateway
    .said()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { model?: string });
  expect(exitCode).toBe(0);
  expect(lines.filter(({ model }) => model === 'shaky')).toHaveLength(2);
});
