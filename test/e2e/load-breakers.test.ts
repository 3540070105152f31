/** Places at targets, next to breakers that refuse calls and hedges that are not needed any more. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { GatewayError, type Hedge } from '@gatewright/core';
import { inlinePlugin, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, Upstream, type Answer } from './upstream.ts';
import { WatchedClock } from './watched-clock.ts';
import { OPENAI_FRAMES, OPENAI_STREAM } from './wires.ts';

const MODELS = {
  gpt: {
    targets: [
      { provider: 'openai', model: 'first', weight: 1_000_000, concurrency: 1, queue: 5 },
      { provider: 'openai', model: 'second' },
    ],
  },
  third: { targets: ['openai/third'] },
  backwards: {
    targets: [
      { provider: 'openai', model: 'second', weight: 1_000_000 },
      { provider: 'openai', model: 'first', concurrency: 1, queue: 5 },
    ],
    fallbacks: ['third'],
  },
};

const hanging: Answer = { headers: EVENT_STREAM, chunks: [OPENAI_STREAM.hello], end: 'hang' };
const whole: Answer = { headers: EVENT_STREAM, chunks: OPENAI_FRAMES };

let upstream: Upstream;
let running: TestGateway | undefined;
let clock: WatchedClock;
let isOpen: boolean;
let hedge: Hedge | undefined;
/** How often the breaker of the first target was asked. */
let asks: number;
let pending: (() => void)[];

/** Refuses calls to the first target, as a breaker does. */
const breaker = inlinePlugin('breaker', ({ hooks }) => {
  hooks.route.tap((route) => (hedge === undefined ? route : { ...route, hedge }));
  hooks.meter.reserve.tap(({ target }) => {
    if (target.model !== 'first') return undefined;
    asks++;
    if (isOpen) throw new GatewayError('GW_TARGET_UNHEALTHY', 'It is not called.', { target: target.id });
    return undefined;
  });
});

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  for (const leave of pending) leave();
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

async function start(wanted?: Hedge): Promise<void> {
  clock = new WatchedClock();
  [isOpen, hedge, asks, pending] = [false, wanted, 0, []];
  const config = { models: MODELS, keepAlive: 'off' } as const;
  running = await startGateway({ upstream: upstream.url, config, clock, plugins: [breaker], random: () => 0 });
}

function ask(model: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${running?.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], stream: true }),
    ...(signal && { signal }),
  });
}

/** A stream that has the only place at the first target until it is left. */
async function holdPlace(): Promise<() => void> {
  const leaver = new AbortController();
  const leave = (): void => leaver.abort();
  expect((await ask('gpt', leaver.signal)).headers.get('x-gatewright-target')).toBe('openai/first');
  pending.push(leave);
  return leave;
}

const placesAtFirst = () => running?.gateway.kernel.host.traffic.load.targets[0];
const waiting = (count: number): Promise<unknown> =>
  waitFor(() => ((placesAtFirst()?.waiting ?? 0) === count ? true : undefined));
const asked = (): string[] =>
  upstream.received.map(({ body }) => (JSON.parse(body.toString()) as { model: string }).model);

test('a call that its breaker would refuse does not stand in the line for a place', async () => {
  await start();
  upstream.answer([hanging, whole]);
  await holdPlace();
  isOpen = true;
  const response = await ask('gpt');
  expect([response.status, response.headers.get('x-gatewright-target')]).toEqual([200, 'openai/second']);
  expect(placesAtFirst()).toMatchObject({ running: 1, waiting: 0 });
});

test('one that waits for a place while the breaker opens is not sent when it has it, and gives the place back', async () => {
  await start();
  upstream.answer([hanging, whole]);
  const leave = await holdPlace();
  const reply = ask('gpt');
  await waiting(1);
  isOpen = true;
  leave();
  expect((await reply).headers.get('x-gatewright-target')).toBe('openai/second');
  expect([asked(), asks]).toEqual([['first', 'second'], 3]);
  await waitFor(() => (placesAtFirst() === undefined ? true : undefined));
});

test('a hedge that waits for a place leaves the line when another has answered', async () => {
  await start({ delay: 1000, most: 3 });
  const silent: Answer = { end: 'never' };
  upstream.answer(({ body }, index) => (index === 0 ? hanging : body.includes('"third"') ? whole : silent));
  await holdPlace();
  const reply = ask('backwards');
  await waitFor(() => (upstream.received.length === 2 ? true : undefined));
  clock.advance(1000);
  await waiting(1);
  clock.advance(1000);
  expect((await reply).headers.get('x-gatewright-target')).toBe('openai/third');
  // The place is still the holder's.
  await waiting(0);
  expect(running?.gateway.kernel.host.traffic.load.targets).toEqual([
    { target: 'openai/first', running: 1, waiting: 0 },
  ]);
  expect(asked()).toEqual(['first', 'second', 'third']);
});
