/** What a plugin's fault does to a request is the operator's choice: it is refused, or goes on without the plugin. */
import { GatewayError, type Plugin, type SetupContext } from '@gatewright/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { OPENAI_FRAMES, OPENAI_HELLO } from './wires.ts';

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

const fail = (): never => {
  throw new Error('planted');
};
type Setup = (context: SetupContext) => void;

async function ask(setup: Setup, policy: object, stream = false): Promise<{ status: number; text: string }> {
  const errors: string[] = [];
  const use: Plugin = inlinePlugin('shaky', setup);
  running = await startGateway({
    upstream: upstream.url,
    config: { plugins: [{ use, ...policy }] },
    logger: { debug() {}, info() {}, warn() {}, error: (message) => errors.push(message) },
  });
  upstream.answer(
    stream ? { headers: EVENT_STREAM, chunks: OPENAI_FRAMES } : { headers: JSON_BODY, chunks: [OPENAI_HELLO] },
  );
  const request = { model: 'gpt', stream, messages: [{ role: 'user', content: 'hi' }] };
  const response = await post(`${running.url}/v1/chat/completions`, request);
  const text = await response.text();
  // A fault is never silent.
  expect(errors.join('\n') + JSON.stringify(running.records[0]?.error ?? '')).toMatch(
    /shaky.*(planted|took|return|take)/s,
  );
  return { status: response.status, text };
}

const hooks: [string, Setup, boolean][] = [
  ['transform.request', ({ hooks }) => hooks.transform.request.tap('chat', fail), false],
  ['transform.response', ({ hooks }) => hooks.transform.response.tap('chat', fail), false],
  ['call.answer', ({ hooks }) => hooks.call.answer.tap('chat', fail), false],
  ['route', ({ hooks }) => hooks.route.tap(fail), false],
  ['meter.reserve', ({ hooks }) => hooks.meter.reserve.tap(fail), false],
  ['a factory of transform.event', ({ hooks }) => hooks.transform.event.tap('chat', fail), true],
  [
    'an event of a stream',
    ({ hooks }) => hooks.transform.event.tap('chat', () => ({ event: fail, end: () => [] })),
    true,
  ],
  [
    'the end of a stream',
    ({ hooks }) => hooks.transform.event.tap('chat', () => ({ event: (event) => [event], end: fail })),
    true,
  ],
  ['a result that is nonsense', ({ hooks }) => hooks.transform.request.tap('chat', () => 7 as never), false],
  [
    'a promise that never ends',
    ({ hooks }) => hooks.transform.request.tap('chat', () => new Promise<never>(() => undefined)),
    false,
  ],
];

describe.each(hooks)('%s', (_name, setup, stream) => {
  test('refuses the request where nothing else is said', async () => {
    const { status, text } = await ask(setup, { timeout: '50ms' }, stream);
    expect(status === 500 || text.includes('"error"')).toBe(true);
    expect(text).not.toContain('planted');
    expect(text).not.toContain('[DONE]');
  });

  test('is left out with `onError: skip`', async () => {
    const { status, text } = await ask(setup, { onError: 'skip', timeout: '50ms' }, stream);
    expect(status).toBe(200);
    expect(text).toContain('Hello');
    if (stream) expect(text).toContain('[DONE]');
  });
});

test('auth that fails lets nobody in, whatever is said', async () => {
  const { status } = await ask(({ hooks }) => hooks.auth.tap(fail), { onError: 'skip' });
  expect(status).toBe(401);
});

test('what a plugin refuses on purpose stays refused', async () => {
  const refuse = (): never => {
    throw new GatewayError('GW_FORBIDDEN', 'shaky does not take this.');
  };
  const { status, text } = await ask(({ hooks }) => hooks.transform.request.tap('chat', refuse), { onError: 'skip' });
  expect(status).toBe(403);
  expect(text).toContain('does not take this');
});

test('a provider that fails is a failed attempt, and never skipped', async () => {
  const setup: Setup = ({ hooks }) =>
    hooks.call.tap(() => Promise.reject(new Error('planted')), { operations: { chat: { dialect: 'openai-chat' } } });
  running = await startGateway({
    upstream: upstream.url,
    config: {
      plugins: [{ use: inlinePlugin('shaky', setup), onError: 'skip' }],
      models: { gpt: { targets: ['shaky/m'] } },
    },
  });
  const request = { model: 'gpt', messages: [{ role: 'user', content: 'hi' }] };
  expect((await post(`${running.url}/v1/chat/completions`, request)).status).toBe(500);
});
