/** What a caller sees when the provider breaks: before content another try, after it exactly one typed error, never a clean end. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Answer } from './upstream.ts';
import { ANTHROPIC_FRAMES, ANTHROPIC_STREAM, OPENAI_FRAMES, OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const TWO_TARGETS = {
  gpt: { targets: ['openai/first'], fallbacks: ['second'] },
  second: { targets: ['openai/second'] },
  claude: { targets: ['anthropic/first'] },
};

async function start(config: object = {}): Promise<TestGateway> {
  running = await startGateway({ upstream: upstream.url, config: { models: TWO_TARGETS, ...config }, random: () => 0 });
  return running;
}

const chat = (stream: boolean) => ({ model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream });
const messages = (stream: boolean) => ({
  model: 'claude',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'hi' }],
  stream,
});

const { role, hello, there, stop } = OPENAI_STREAM;
const stream = (answer: Omit<Answer, 'headers'>): Answer => ({ headers: EVENT_STREAM, ...answer });
const whole: Answer = { headers: JSON_BODY, chunks: [OPENAI_HELLO] };
const good = stream({ chunks: OPENAI_FRAMES });

const askedModels = (): string[] =>
  upstream.received.map((request) => (JSON.parse(request.body.toString()) as { model: string }).model);

describe('before content', () => {
  test.each<[string, Answer]>([
    ['a 500', { status: 500, headers: JSON_BODY, chunks: ['{"error":{"message":"oops","type":"server_error"}}'] }],
    ['a 429', { status: 429, headers: JSON_BODY, chunks: ['{"error":{"message":"slow down"}}'] }],
    ['a 401 of the provider', { status: 401, headers: JSON_BODY, chunks: ['{"error":{"message":"bad key"}}'] }],
    [
      'an HTML page of a proxy',
      { status: 502, headers: { 'content-type': 'text/html' }, chunks: ['<html>Bad gateway</html>'] },
    ],
    ['a reset before the head', { end: 'reset', status: 200 }],
    ['an empty stream', stream({ chunks: [] })],
    ['a stream that ends after the role', stream({ chunks: [role] })],
    ['a stream cut after the role', stream({ chunks: [role], end: 'reset' })],
    [
      'an error inside a 200',
      stream({ chunks: [role, 'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n'] }),
    ],
    ['an end marker and nothing else', stream({ chunks: ['data: [DONE]\n\n'] })],
  ])('%s fails over to the next target', async (_name, answer) => {
    const { url, record } = await start();
    upstream.answer([answer, good]);
    const response = await post(`${url}/v1/chat/completions`, chat(true));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(' there');
    expect(askedModels()).toEqual(['first', 'second']);
    const { attempts, result } = await record();
    expect(result).toBe('success');
    expect(attempts.map((attempt) => attempt.result)).toEqual(['error', 'success']);
  });

  test.each<[string, Answer]>([
    [
      'a truncated body',
      { headers: { ...JSON_BODY, 'content-length': '5000' }, chunks: ['{"id":"x","choices"'], end: 'reset' },
    ],
    ['a body that is no JSON', { headers: JSON_BODY, chunks: ['{"id":"x","choices"'] }],
    [
      'an error inside a 200',
      { headers: JSON_BODY, chunks: ['{"error":{"message":"overloaded","type":"server_error"}}'] },
    ],
  ])('%s of a whole reply fails over', async (_name, answer) => {
    const { url } = await start();
    upstream.answer([answer, whole]);
    const response = await post(`${url}/v1/chat/completions`, chat(false));
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hello there' } }] });
    expect(askedModels()).toEqual(['first', 'second']);
  });

  test('a retryable failure is tried again on the same target first', async () => {
    const { url } = await start({ retries: 2 });
    const oops: Answer = { status: 503, headers: JSON_BODY, chunks: ['{}'] };
    upstream.answer([oops, oops, whole]);
    expect((await post(`${url}/v1/chat/completions`, chat(false))).status).toBe(200);
    expect(askedModels()).toEqual(['first', 'first', 'first']);
  });

  test('a request that cannot succeed is not tried anywhere else', async () => {
    const { url } = await start({ retries: 2 });
    upstream.answer({
      status: 400,
      headers: JSON_BODY,
      chunks: [
        '{"error":{"message":"bad temperature","type":"invalid_request_error","param":"temperature","code":null}}',
      ],
    });
    const response = await post(`${url}/v1/chat/completions`, chat(false));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: 'bad temperature', type: 'invalid_request_error', param: 'temperature' },
    });
    expect(askedModels()).toEqual(['first']);
  });

  test('when every target fails, the last failure keeps its status and words', async () => {
    const { url } = await start();
    upstream.answer({
      status: 529,
      headers: JSON_BODY,
      chunks: ['{"error":{"message":"Overloaded","type":"overloaded_error"}}'],
    });
    const response = await post(`${url}/v1/chat/completions`, chat(true));
    expect(response.status).toBe(529);
    expect(await response.json()).toMatchObject({ error: { message: 'Overloaded' } });
  });

  test("a provider's retry-after longer than anybody waits goes to the next target, and back to the client", async () => {
    const { url } = await start({ retries: 3 });
    upstream.answer({
      status: 429,
      headers: { ...JSON_BODY, 'retry-after': '3600' },
      chunks: ['{"error":{"message":"quota"}}'],
    });
    const response = await post(`${url}/v1/chat/completions`, chat(true));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3600');
    expect(askedModels()).toEqual(['first', 'second']);
  });

  test('a silent target is given up after its time and not asked again', async () => {
    const { url } = await start({ retries: 3, timeouts: { headers: '300ms' } });
    upstream.answer([{ end: 'never' }, whole]);
    expect((await post(`${url}/v1/chat/completions`, chat(false))).status).toBe(200);
    expect(askedModels()).toEqual(['first', 'second']);
  });
});

describe('after content', () => {
  test.each<[string, Answer, string]>([
    ['a cut between events', stream({ chunks: [role, hello], end: 'reset' }), 'GW_UPSTREAM_CUT'],
    ['a cut inside an event', stream({ chunks: [role, hello, there.slice(0, 40)], end: 'reset' }), 'GW_UPSTREAM_CUT'],
    ['an end without a finish reason', stream({ chunks: [role, hello] }), 'GW_UPSTREAM_CUT'],
    ['an end marker without a finish reason', stream({ chunks: [role, hello, 'data: [DONE]\n\n'] }), 'GW_UPSTREAM_CUT'],
    [
      'an error frame',
      stream({
        chunks: [
          role,
          hello,
          'data: {"error":{"message":"overloaded","type":"server_error","code":"busy"}}\n\n',
          'data: [DONE]\n\n',
        ],
      }),
      'busy',
    ],
    [
      'a named error frame',
      stream({ chunks: [role, hello, 'event: error\ndata: {"error":{"message":"no","code":"busy"}}\n\n'] }),
      'busy',
    ],
  ])('%s ends in exactly one typed error and no end marker', async (_name, answer, code) => {
    const { url, record } = await start();
    upstream.answer([answer, good]);
    const response = await post(`${url}/v1/chat/completions`, chat(true));
    const text = await response.text();
    expect(response.status).toBe(200);
    const frames = text.split('\n\n').filter((frame) => frame !== '');
    const parsed = frames.map((frame) => JSON.parse(frame.replace(/^data: /, '')) as { error?: { code: string } });
    expect(parsed.filter((frame) => frame.error !== undefined)).toHaveLength(1);
    expect(parsed.at(-1)?.error?.code).toBe(code);
    expect(text).toContain('"Hello"');
    expect(text).not.toContain('[DONE]');
    expect(askedModels()).toEqual(['first']);
    expect(await record()).toMatchObject({ result: 'error', status: 200, attempts: [{ result: 'error' }] });
  });

  test('in the other dialect it is that dialect’s error event', async () => {
    const { url } = await start();
    const { start: begin, block, hello: text } = ANTHROPIC_STREAM;
    upstream.answer(stream({ chunks: [begin, block, text], end: 'reset' }));
    const body = await (await post(`${url}/v1/messages`, messages(true))).text();
    const events = body.split('\n\n').filter((frame) => frame !== '');
    expect(events.at(-1)).toMatch(/^event: error\ndata: \{"type":"error","error":\{"type":"api_error","message":/);
    expect(body).not.toContain('message_stop');
    expect(events.filter((event) => event.startsWith('event: error'))).toHaveLength(1);
  });

  test('a stream that goes silent ends in one error', async () => {
    const { url } = await start({ timeouts: { idle: '300ms' } });
    upstream.answer(stream({ chunks: [role, hello], end: 'hang' }));
    const text = await (await post(`${url}/v1/chat/completions`, chat(true))).text();
    expect(text).toContain('GW_UPSTREAM_TIMEOUT');
    expect(text).not.toContain('[DONE]');
  });

  test('a finish reason without the end marker is a whole answer', async () => {
    const { url, record } = await start();
    upstream.answer(stream({ chunks: [role, hello, there, stop] }));
    const text = await (await post(`${url}/v1/chat/completions`, chat(true))).text();
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect((await record()).result).toBe('success');
    upstream.answer(stream({ chunks: ANTHROPIC_FRAMES.slice(0, -1) }));
    const other = await (await post(`${url}/v1/messages`, messages(true))).text();
    expect(other).toContain('event: message_stop');
  });

  test.each([
    ['no line end at all', (text: string) => text.trimEnd()],
    ['one line end', (text: string) => `${text.trimEnd()}\n`],
    ['one CRLF', (text: string) => `${text.trimEnd()}\r\n`],
  ])('a last event with %s after it is completed, so that a strict client reads it', async (_name, end) => {
    const { url } = await start();
    upstream.answer(stream({ chunks: [...ANTHROPIC_FRAMES.slice(0, -1), end(ANTHROPIC_STREAM.stop)] }));
    const text = await (await post(`${url}/v1/messages`, messages(true))).text();
    expect(text).toMatch(/event: message_stop\ndata: \{"type":"message_stop"\}\r?\n(\r?\n)+$/);
    upstream.answer(stream({ chunks: [role, hello, there, stop, end(OPENAI_STREAM.done)] }));
    expect(await (await post(`${url}/v1/chat/completions`, chat(true))).text()).toMatch(/data: \[DONE\]\r?\n(\r?\n)+$/);
  });

  test('a malformed event is left out where the stream goes on', async () => {
    const { url, record } = await start();
    upstream.answer(stream({ chunks: [role, hello, 'data: {"id":"x", broken\n\n', there, stop, 'data: [DONE]\n\n'] }));
    const text = await (await post(`${url}/v1/chat/completions`, chat(true))).text();
    expect(text).not.toContain('broken');
    expect(text).toContain(' there');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect((await record()).attempts[0]).toMatchObject({ result: 'success', malformed: 1 });
  });
});
