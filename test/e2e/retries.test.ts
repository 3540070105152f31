/** What is asked again, what goes elsewhere, how long is waited, and what the caller is told in the end. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream, type Answer } from './upstream.ts';
import { WatchedClock } from './watched-clock.ts';
import { OPENAI_HELLO } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;
let clock: WatchedClock;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const MODELS = {
  gpt: { targets: ['openai/first'], fallbacks: ['second'] },
  alone: { targets: ['openai/only'] },
  second: { targets: ['openai/second'] },
  large: { targets: ['openai/large'] },
  lenient: { targets: ['openai/lenient'] },
};

async function start(config: object = {}, random = () => 0): Promise<string> {
  clock = new WatchedClock();
  running = await startGateway({ upstream: upstream.url, config: { models: MODELS, ...config }, clock, random });
  return running.url;
}

const failure = (status: number, headers: Record<string, string> = {}, error: object = { message: `no ${status}` }) =>
  ({ status, headers: { ...JSON_BODY, ...headers }, chunks: [JSON.stringify({ error })] }) satisfies Answer;
const whole: Answer = { headers: JSON_BODY, chunks: [OPENAI_HELLO] };
const asked = (): string[] =>
  upstream.received.map((request) => (JSON.parse(request.body.toString()) as { model: string }).model);
const ask = (url: string, model: string, headers: Record<string, string> = {}) =>
  post(`${url}/v1/chat/completions`, { model, messages: [{ role: 'user', content: 'hi' }] }, headers);

describe('retry-after', () => {
  test.each([
    ['seconds', { 'retry-after': '3' }],
    ['milliseconds', { 'retry-after-ms': '3000' }],
    ['a date', { 'retry-after': new Date(1_700_000_003_000).toUTCString() }],
  ])('in %s is waited for, and not a millisecond less', async (_form, headers) => {
    const url = await start({ retries: 1 });
    upstream.answer([failure(429, headers), whole]);
    const reply = ask(url, 'alone');
    await clock.awaited(3000);
    clock.advance(2999);
    expect(asked()).toEqual(['only']);
    clock.advance(1);
    expect((await reply).status).toBe(200);
    expect(asked()).toEqual(['only', 'only']);
  });

  test('sends the request to the next target at once, where there is one', async () => {
    const url = await start({ retries: 1 });
    upstream.answer([failure(429, { 'retry-after': '3' }), whole]);
    expect((await ask(url, 'gpt')).status).toBe(200);
    expect(asked()).toEqual(['first', 'second']);
  });

  test('brings a target back when all others have failed, the soonest first', async () => {
    const url = await start({ retries: { rateLimited: 1, server: 0 } });
    upstream.answer([failure(429, { 'retry-after': '5' }), failure(429, { 'retry-after': '2' }), whole]);
    const reply = ask(url, 'gpt');
    await clock.awaited(2000);
    clock.advance(2000);
    expect((await reply).status).toBe(200);
    expect(asked()).toEqual(['first', 'second', 'second']);
  });

  test('is not waited for beyond the patience of the model', async () => {
    const models = { ...MODELS, alone: { targets: ['openai/only'], patience: '2s' } };
    const url = await start({ retries: 3, models });
    upstream.answer(failure(429, { 'retry-after': '3' }));
    const reply = await ask(url, 'alone');
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '3']);
    expect(asked()).toEqual(['only']);
  });

  test.each([
    ['x-gatewright-timeout', '2.5'],
    ['x-stainless-timeout', '2'],
  ])('is not waited for beyond what the caller waits: %s', async (header, value) => {
    const url = await start({ retries: 3 });
    upstream.answer(failure(429, { 'retry-after': '3' }));
    expect((await ask(url, 'alone', { [header]: value })).status).toBe(429);
    expect(asked()).toEqual(['only']);
  });
});

describe('retries', () => {
  test('are counted by reason, and wait with full jitter', async () => {
    const url = await start({ retries: { rateLimited: 0, server: 2 } }, () => 0.5);
    upstream.answer([failure(500), failure(500), failure(500)]);
    const reply = ask(url, 'alone');
    await clock.awaited(125);
    clock.advance(125);
    await clock.awaited(250);
    clock.advance(250);
    expect((await reply).status).toBe(500);
    expect(asked()).toHaveLength(3);
    upstream.answer(failure(429));
    expect((await ask(url, 'alone')).status).toBe(429);
    expect(asked()).toHaveLength(1);
  });

  test.each([401, 403, 404])('are not made where the provider refuses the gateway itself: %i', async (status) => {
    const url = await start({ retries: 3 });
    upstream.answer([failure(status), whole]);
    expect((await ask(url, 'gpt')).status).toBe(200);
    expect(asked()).toEqual(['first', 'second']);
  });

  test('are not made where the account has nothing left, though the status is one of rates', async () => {
    const url = await start({ retries: 3 });
    upstream.answer([failure(429, {}, { message: 'quota', code: 'insufficient_quota' }), whole]);
    expect((await ask(url, 'gpt')).status).toBe(200);
    expect(asked()).toEqual(['first', 'second']);
  });

  test('of a connection that was closed meanwhile come at once', async () => {
    const url = await start({ retries: 1 }, () => 0.5);
    upstream.answer([{ end: 'drop' }, whole]);
    expect((await ask(url, 'alone')).status).toBe(200);
    expect(asked()).toEqual(['only', 'only']);
  });

  test('end with the attempts that one request may cause', async () => {
    const models = { gpt: { targets: ['openai/a', 'openai/b', 'openai/c'].map(targetOf), attempts: 4 } };
    const url = await start({ retries: 1, models });
    upstream.answer(failure(500));
    const reply = ask(url, 'gpt');
    await pump(reply);
    expect(asked()).toEqual(['a', 'a', 'b', 'b']);
  });

  test('stay a small part of what a target that is down is asked', async () => {
    const url = await start({ retries: 1 });
    upstream.answer(failure(500));
    for (let count = 0; count < 50; count++) await pump(ask(url, 'alone'));
    // Ten that are always there, and one for each five requests.
    expect(asked().length).toBeGreaterThan(50 + 10);
    expect(asked().length).toBeLessThanOrEqual(50 + 10 + 10);
  });
});

const targetOf = (name: string, index: number): object => {
  const [provider, model] = name.split('/');
  return { provider, model, weight: index === 0 ? 1_000_000 : 1 };
};

/** Lets the pauses pass, whenever there is one; pauses of no length end at once. */
async function pump(reply: Promise<Response>): Promise<Response> {
  let isOver = false;
  void reply.then(() => (isOver = true));
  while (!isOver) {
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return reply;
}

describe('a request that cannot succeed', () => {
  const TOO_LONG = failure(400, {}, { message: 'too long', code: 'context_length_exceeded' });
  const REFUSED = failure(400, {}, { message: 'no', code: 'content_filter' });

  test('because it is too long goes to the models for that, and to no other', async () => {
    const gpt = { targets: ['openai/first'], fallbacks: ['second'], contextFallbacks: ['large'] };
    const url = await start({ retries: 3, models: { ...MODELS, gpt } });
    upstream.answer([TOO_LONG, whole]);
    expect((await ask(url, 'gpt')).status).toBe(200);
    expect(asked()).toEqual(['first', 'large']);
  });

  test('because it is too long for a fallback goes where the model that was asked says', async () => {
    const gpt = { targets: ['openai/first'], fallbacks: ['second'], contextFallbacks: ['large'] };
    const url = await start({ models: { ...MODELS, gpt } });
    upstream.answer([failure(500), TOO_LONG, whole]);
    expect((await ask(url, 'gpt')).status).toBe(200);
    expect(asked()).toEqual(['first', 'second', 'large']);
    upstream.answer([failure(500), TOO_LONG]);
    expect((await ask(url, 'gpt')).status).toBe(400);
    expect(asked()).toEqual(['first', 'second', 'large']);
  });

  test('because of what it says goes elsewhere only where the configuration says so', async () => {
    const gpt = { targets: ['openai/first'], fallbacks: ['second'] };
    const url = await start({ models: { ...MODELS, gpt, strict: { ...gpt, contentFallbacks: ['lenient'] } } });
    upstream.answer([REFUSED, whole]);
    expect((await ask(url, 'gpt')).status).toBe(400);
    expect(asked()).toEqual(['first']);
    upstream.answer([REFUSED, whole]);
    expect((await ask(url, 'strict')).status).toBe(200);
    expect(asked()).toEqual(['first', 'lenient']);
  });

  test('ends with the words of the last that was asked', async () => {
    const gpt = { targets: ['openai/first'], contextFallbacks: ['large'] };
    const url = await start({ models: { ...MODELS, gpt } });
    upstream.answer(TOO_LONG);
    const reply = await ask(url, 'gpt');
    expect([reply.status, await reply.json()]).toMatchObject([400, { error: { code: 'context_length_exceeded' } }]);
    expect(asked()).toEqual(['first', 'large']);
  });

  test('is refused for a timeout that is none', async () => {
    const url = await start();
    const reply = await ask(url, 'gpt', { 'x-gatewright-timeout': 'soon' });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('must be a length of time above zero');
  });
});

describe('when every target fails', () => {
  test('the status is the most telling one, and a header lists what was tried', async () => {
    const url = await start();
    upstream.answer([failure(429, { 'retry-after': '7' }), failure(401, {}, { message: 'bad key' })]);
    const reply = await ask(url, 'gpt');
    expect(reply.status).toBe(429);
    expect(reply.headers.get('retry-after')).toBe('7');
    expect(await reply.json()).toMatchObject({ error: { message: 'no 429' } });
    expect(reply.headers.get('x-gatewright-tried')).toBe('openai/first: 429 no 429; openai/second: 401 bad key');
  });

  test('an error of the gateway itself says it in its message', async () => {
    const url = await start();
    upstream.answer({ end: 'reset', status: 200 });
    const { error } = (await (await ask(url, 'gpt')).json()) as { error: { message: string } };
    const [first = '', ...lines] = error.message.split('\n');
    expect(first).toMatch(/All that was tried:$/);
    expect(lines.map((line) => line.slice(0, 16))).toEqual(['- openai/first: ', '- openai/second:']);
  });
});
