/** Every timeout fires by itself, says what it waited for, and a caller can make the attempt shorter but not longer. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Answer } from './upstream.ts';
import { WatchedClock } from './watched-clock.ts';
import { OPENAI_FRAMES, OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

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

async function start(config: object = {}): Promise<string> {
  clock = new WatchedClock();
  running = await startGateway({ upstream: upstream.url, config: { keepAlive: 'off', ...config }, clock });
  return running.url;
}

const whole: Answer = { headers: JSON_BODY, chunks: [OPENAI_HELLO] };
const stream = (answer: Omit<Answer, 'headers'>): Answer => ({ headers: EVENT_STREAM, ...answer });
const ask = (url: string, isStream: boolean, headers: Record<string, string> = {}) =>
  post(
    `${url}/v1/chat/completions`,
    { model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream: isStream },
    headers,
  );
const TWO = { gpt: { targets: ['openai/first'], fallbacks: ['second'] }, second: { targets: ['openai/second'] } };
const asked = (): string[] =>
  upstream.received.map((request) => (JSON.parse(request.body.toString()) as { model: string }).model);
const { role, hello } = OPENAI_STREAM;

test('roles and pings are no first token: the next target is asked when its time is over', async () => {
  const url = await start({ models: TWO, timeouts: { firstToken: '7s' } });
  upstream.answer([stream({ chunks: [role, ': ping\n\n', role], end: 'hang' }), stream({ chunks: OPENAI_FRAMES })]);
  const reply = ask(url, true);
  await clock.awaited(7000);
  await received(1);
  clock.advance(7000);
  expect(await (await reply).text()).toContain(' there');
  expect(asked()).toEqual(['first', 'second']);
  const { attempts } = (await running?.record()) ?? { attempts: [] };
  expect(attempts[0]).toMatchObject({
    result: 'timeout',
    error: { message: 'openai/first did not begin its answer within 7000 ms.' },
  });
});

test('a stream that has begun has the rest of its total time', async () => {
  const url = await start({ timeouts: { firstToken: '7s', total: '20s' } });
  upstream.answer(stream({ chunks: [role, hello], end: 'hang' }));
  const response = await ask(url, true);
  clock.advance(7000);
  await clock.awaited(13_000);
  clock.advance(13_000);
  expect(await response.text()).toContain('did not finish within 20000 ms');
});

test('a whole answer has no first token to wait for', async () => {
  const url = await start({ timeouts: { firstToken: '7s', total: '20s' } });
  upstream.answer({ end: 'never' });
  const reply = ask(url, false);
  await clock.awaited(20_000);
  await received(1);
  clock.advance(20_000);
  expect((await reply).status).toBe(504);
});

test.each([
  ['x-gatewright-timeout', '5s', 5000, 'finish in the time that the request allows'],
  ['x-gatewright-timeout', '0.5', 500, 'finish in the time that the request allows'],
  ['x-gatewright-first-token-timeout', '300ms', 300, 'begin its answer within 300 ms'],
])('a caller makes it shorter with %s: %s', async (header, value, milliseconds, said) => {
  const url = await start({ models: { gpt: { targets: ['openai/only'] } } });
  upstream.answer({ end: 'never' });
  const reply = ask(url, true, { [header]: value });
  await clock.awaited(milliseconds);
  await received(1);
  clock.advance(milliseconds);
  const response = await reply;
  expect(response.status).toBe(504);
  expect(await response.text()).toContain(said);
});

test('a caller cannot make it longer, and no other target is asked when the caller’s time is over', async () => {
  const url = await start({ models: TWO, timeouts: { total: '9s' } });
  upstream.answer([{ end: 'never' }, whole]);
  const first = ask(url, false, { 'x-gatewright-timeout': '60m' });
  await clock.awaited(9000);
  await received(1);
  clock.advance(9000);
  expect((await first).status).toBe(200);
  upstream.answer([{ end: 'never' }, whole]);
  const second = ask(url, false, { 'x-gatewright-timeout': '4' });
  await clock.awaited(4000);
  await received(1);
  clock.advance(4000);
  expect((await second).status).toBe(504);
  expect(asked()).toEqual(['first']);
});

test.each([
  ['x-gatewright-headers-timeout', { end: 'never' }, 504, /did not begin to answer within 300 ms/],
  [
    'x-gatewright-idle-timeout',
    stream({ chunks: [OPENAI_FRAMES[0] ?? '', OPENAI_FRAMES[1] ?? ''], end: 'hang' }),
    200,
    /silent for 300 ms/,
  ],
])('a caller makes what the connection waits for shorter with %s', async (header, answer, status, said) => {
  const url = await start({ models: { gpt: { targets: ['openai/only'] } } });
  upstream.answer(answer as Answer);
  const response = await ask(url, true, { [header]: '300ms' });
  expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(said)]);
});

test.each(['connect', 'headers', 'first-token', 'idle', 'content'])(
  'a caller who says nonsense of %s is told',
  async (name) => {
    const url = await start({ models: { gpt: { targets: ['openai/only'] } } });
    upstream.answer(whole);
    const header = `x-gatewright-${name}-timeout`;
    const response = await ask(url, true, { [header]: 'soon' });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining(`The header \\"${header}\\" must be`),
    ]);
    expect(asked()).toEqual([]);
  },
);

test('one timer serves an attempt, and none is left', async () => {
  const url = await start();
  const before = clock.waiting;
  upstream.answer(stream({ chunks: OPENAI_FRAMES }));
  await (await ask(url, true)).text();
  await running?.record();
  expect(clock.waiting).toBe(before);
});

test('a connection that does not come to stand is given up after the connect timeout', async () => {
  const silent = await silentServer();
  try {
    running = await startGateway({ upstream: silent.url, config: { timeouts: { connect: '200ms' } } });
    const response = await ask(running.url, false);
    expect([response.status, await response.json()]).toMatchObject([
      504,
      { error: { message: expect.stringContaining('did not accept a connection within 200 ms') as string } },
    ]);
    const hasty = await ask(running.url, false, { 'x-gatewright-connect-timeout': '50ms' });
    expect([hasty.status, await hasty.text()]).toEqual([504, expect.stringContaining('within 50 ms, which is all')]);
  } finally {
    silent.close();
  }
});

const received = async (count: number): Promise<void> => {
  await expect.poll(() => upstream.received.length).toBe(count);
};

/** Takes connections, and never says a word in their handshakes. */
async function silentServer(): Promise<{ url: string; close: () => void }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
