/** What a provider has answered is billed as it says, although the client does not get it. */
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { GatewayError, type AttemptOutcome, type ChatResponse } from '@gatewright/core';
import { inlinePlugin, post, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { WatchedClock } from './watched-clock.ts';
import { ANTHROPIC_HELLO, OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

const TOTAL = 60_000;
const WHOLE = { status: 200, usageComplete: true, usage: { input: 9, output: 2 } };

let upstream: Upstream;
let running: TestGateway | undefined;
let clock: WatchedClock;
let settled: AttemptOutcome[];
let looks: number;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

type Look = (response: ChatResponse) => ChatResponse | Promise<ChatResponse>;

async function start(look: Look, rescue?: 'hold'): Promise<string> {
  clock = new WatchedClock();
  [settled, looks] = [[], 0];
  const plugin = inlinePlugin('look', ({ hooks }) => {
    hooks.transform.response.tap('chat', (response) => {
      looks++;
      return look(response);
    });
    hooks.meter.settle.tap((outcome) => void settled.push(outcome));
  });
  const more = { timeouts: { total: TOTAL }, ...(rescue !== undefined && { rescue }) };
  const models = {
    gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream', ...more }] },
    claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream', ...more }] },
  };
  const config = { models, retries: 0, keepAlive: 'off', hookTimeout: 3_600_000 } as const;
  running = await startGateway({ upstream: upstream.url, config, clock, plugins: [plugin] });
  return `${running.url}/v1/chat/completions`;
}

const ask = (model: string, stream = false) => ({ model, messages: [{ role: 'user', content: 'hi' }], stream });
const refuse: Look = () => {
  throw new GatewayError('GW_FORBIDDEN', 'This answer may not be shown.');
};
const wait: Look = () => new Promise(() => undefined);

test.each([
  ['its own dialect', 'gpt', OPENAI_HELLO],
  ['another one', 'claude', ANTHROPIC_HELLO],
])('an answer in %s that a plugin refuses', async (_name, model, answer) => {
  const url = await start(refuse);
  upstream.answer({ headers: JSON_BODY, chunks: [answer] });
  expect((await post(url, ask(model))).status).not.toBe(200);
  expect(settled).toMatchObject([{ ...WHOLE, result: 'error' }]);
  expect(await running?.record()).toMatchObject({ usage: { input: 9, output: 2 } });
});

test('an answer whose time is up while a plugin looks at it', async () => {
  const url = await start(wait);
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const reply = post(url, ask('gpt'));
  await waitFor(() => (looks > 0 ? true : undefined));
  clock.advance(TOTAL);
  expect((await reply).status).toBe(504);
  expect(settled).toMatchObject([{ ...WHOLE, result: 'timeout' }]);
});

test('an answer whose client leaves while a plugin looks at it', async () => {
  const url = await start(wait);
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  const request = httpRequest(url, { method: 'POST', headers: JSON_BODY, agent: false });
  request.on('error', () => undefined);
  request.end(JSON.stringify(ask('gpt')));
  await waitFor(() => (looks > 0 ? true : undefined));
  request.destroy();
  await running?.record();
  expect(settled).toMatchObject([{ ...WHOLE, result: 'client-gone' }]);
});

test('a stream that is held for a plugin that refuses it', async () => {
  const url = await start(refuse, 'hold');
  upstream.answer({ headers: EVENT_STREAM, chunks: Object.values(OPENAI_STREAM) });
  expect((await post(url, ask('gpt', true))).status).not.toBe(200);
  expect(settled).toMatchObject([{ ...WHOLE, result: 'error' }]);
});

test('a stream that is held and broken off: what it had produced', async () => {
  const url = await start((response) => response, 'hold');
  const { role, hello, there } = OPENAI_STREAM;
  upstream.answer({ headers: EVENT_STREAM, chunks: [role, hello, there], end: 'reset' });
  expect((await post(url, ask('gpt', true))).status).not.toBe(200);
  expect(settled).toMatchObject([{ status: 200, result: 'error', usageComplete: false }]);
  expect(settled[0]?.produced).toBeGreaterThan(1);
});

test('an answer that is none is not billed', async () => {
  const url = await start((response) => response);
  upstream.answer({ headers: JSON_BODY, chunks: ['{"broken'] });
  expect((await post(url, ask('gpt'))).status).toBe(502);
  expect(settled).toMatchObject([{ status: 0, result: 'error', usageComplete: false }]);
});
