/** Plugins in threads of their own: what works, what is refused, and how little of their faults anybody else feels. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, waitFor, post, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { OPENAI_FRAMES, OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

// Threads start from sources, which takes seconds on a machine with much else to do.
vi.setConfig({ testTimeout: 60_000 });

let upstream: Upstream;
let running: TestGateway | undefined;
const lines: string[] = [];

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  lines.length = 0;
});
afterAll(() => upstream.stop());

const note = (message: string): void => void lines.push(message);
const logger = { debug: note, info: note, warn: note, error: note };
const MODELS = {
  gpt: {
    targets: [
      { provider: 'openai', model: 'one', weight: 1 },
      { provider: 'openai', model: 'two', weight: 0 },
    ],
  },
};

/** Every thread takes a moment to start: the provider's is there only where it is asked for. */
async function start(entry: object = {}, isFar = false): Promise<TestGateway> {
  upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
  running = await startGateway({
    upstream: upstream.url,
    logger,
    config: {
      models: { ...MODELS, ...(isFar && { far: { targets: ['far/m'] } }) },
      plugins: [
        { use: './test/e2e/isolated/talkative.ts', isolate: true, ...entry },
        ...(isFar ? [{ use: './test/e2e/isolated/provider.ts', isolate: true, with: { baseUrl: upstream.url } }] : []),
      ],
    },
  });
  return running;
}

const ask = (url: string, content: string, model = 'gpt', stream = false) =>
  post(`${url}/v1/chat/completions`, { model, stream, messages: [{ role: 'user', content }] });
const sent = (): { model: string; messages: { content: string }[] } =>
  JSON.parse(upstream.received.at(-1)?.body.toString() ?? '{}') as ReturnType<typeof sent>;

describe('a plugin in a thread of its own', () => {
  test('sees copies, changes requests, routes and answers, and hears how they ended', async () => {
    const { url } = await start({ with: { word: '?' } });
    const response = await ask(url, 'hello');
    expect(await response.json()).toMatchObject({ model: 'seen-gpt-upstream-2026' });
    expect(sent()).toMatchObject({ model: 'two', messages: [{ content: 'hello? anonymous chat' }] });
    await waitFor(() => (lines.includes('logged gpt 200') ? true : undefined));
    expect(lines).toContain('settled openai/two success 2');
  });

  test('that leaves a request as it is leaves its bytes as they are, and must not change it in place', async () => {
    const { url, record } = await start();
    expect((await ask(url, 'in place')).status).toBe(500);
    expect(await record()).toMatchObject({
      error: { code: 'GW_PLUGIN_FAILED', message: expect.stringContaining('read only') },
    });
    const body = '{"model":"gpt",  "messages":[{"role":"user","content":"same"}]}';
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })).status).toBe(200);
    expect(upstream.received.at(-1)?.body.toString()).toBe(body.replace('gpt', 'two'));
  });

  test('can be a provider, whole and streamed', async () => {
    const { url } = await start({}, true);
    expect(await (await ask(url, 'hello', 'far')).json()).toMatchObject({
      choices: [{ message: { content: 'Hello there' } }],
    });
    expect(upstream.received[0]?.headers['authorization']).toBe('Bearer far');
    upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES });
    const text = await (await ask(url, 'hello', 'far', true)).text();
    expect(text).toContain(' there');
    expect(text).toContain('[DONE]');
  });

  test('that is a provider ends its call where the client leaves', async () => {
    const { url } = await start({}, true);
    upstream.answer({ headers: EVENT_STREAM, chunks: [OPENAI_STREAM.role, OPENAI_STREAM.hello], end: 'hang' });
    const leave = new AbortController();
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'far', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
      signal: leave.signal,
    });
    await response.body?.getReader().read();
    leave.abort();
    expect(await upstream.received[0]?.aborted).toBe(true);
  });

  test('refuses on purpose with its own words, and its log lines carry its name', async () => {
    const { url } = await start();
    const response = await ask(url, 'refuse');
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { message: 'Not today.', param: 'messages' } });
    await ask(url, 'log');
    expect(lines).toContain('a line of the thread');
  });

  test('that throws fails as any other does', async () => {
    const { url, record } = await start();
    expect((await ask(url, 'throw')).status).toBe(500);
    expect(await record()).toMatchObject({ error: { code: 'GW_PLUGIN_FAILED', plugin: 'talkative' } });
  });

  test('is told what it cannot have of an exchange', async () => {
    const { url, record } = await start();
    expect((await ask(url, 'spawn')).status).toBe(500);
    expect((await record()).error?.message).toContain('cannot use exchange.spawn()');
  });
});

describe('what only the gateway’s own thread can do is refused when it boots', () => {
  test.each([
    ['event', 'the hook transform.event'],
    ['reserve', 'the hook meter.reserve'],
    ['http', 'http.use'],
    ['route', 'http.route'],
    ['slot', 'slot'],
  ])('%s', async (uses, named) => {
    await expect(start({ with: { uses } })).rejects.toThrow(
      expect.objectContaining({ message: expect.stringMatching(new RegExp(`talkative.*cannot use ${named}`)) }),
    );
  });

  test('a setup that throws, and one that never comes back', async () => {
    await expect(start({ with: { setup: 'throw' } })).rejects.toThrow(/talkative.*planted/);
    const isolate = { unresponsive: '300ms' };
    await expect(start({ with: { setup: 'block' }, isolate })).rejects.toThrow(/busy for 300 ms without answering/);
  });
});

describe('a fault of its thread', () => {
  const isolate = { unresponsive: '300ms', restarts: 2, within: '1m', memory: '32mb' };

  test.each([
    ['block', /busy for 300 ms without answering/],
    ['fill', /used more memory than it may/],
    ['crash', /nobody catches this/],
  ])('%s: it is started again, and nobody else feels it', async (how, reason) => {
    // Who fills memory is busy with that.
    const { url } = await start({ isolate: how === 'fill' ? { ...isolate, unresponsive: '1m' } : isolate });
    const { status } = await ask(url, how);
    // A crash may come behind the answer that it did not spoil.
    expect([200, 500]).toContain(status);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await vi.waitFor(() => expect(lines.join('\n')).toMatch(reason), { timeout: 15_000 });
    expect((await ask(url, 'again')).status).toBe(200);
    expect(sent().messages[0]?.content).toContain('again');
  });

  test('breaks the replies that flow through it, and they are never taken for whole', async () => {
    const { url, record } = await start({}, true);
    upstream.answer({ headers: EVENT_STREAM, chunks: [OPENAI_STREAM.role, OPENAI_STREAM.hello], end: 'hang' });
    const response = await ask(url, 'die in a moment', 'far', true);
    const text = await response.text();
    expect(text).toContain('"Hello"');
    expect(text).toContain('"error"');
    expect(text).not.toContain('[DONE]');
    expect((await record()).result).toBe('error');
  });

  test('again and again: it is left alone, and with `onError: skip` the gateway goes on without it', async () => {
    const { url, records } = await start({ isolate, onError: 'skip' });
    // What is said of a skipped hook tells of the crash too: one end of the thread is what its host says, once.
    const ends = (): number =>
      lines.filter((line) => /It is started again|is left alone: it was stopped/.test(line)).length;
    for (let count = 1; count <= 3; count++) {
      await ask(url, 'crash');
      await waitFor(() => (ends() >= count ? true : undefined));
    }
    const response = await ask(url, 'hello');
    expect(response.status).toBe(200);
    expect(sent().messages[0]?.content).toBe('hello');
    expect(lines.join('\n')).toMatch(/talkative.*left alone: it was stopped 3 times/);
    expect(records.length).toBeGreaterThan(3);
  });
});
