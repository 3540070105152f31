/** Hedges: a second target where the first keeps the client waiting; the first content wins, and the other is paid for what it did. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AttemptOutcome, Hedge } from '@gatewright/core';
import { inlinePlugin, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Answer } from './upstream.ts';
import { WatchedClock } from './watched-clock.ts';
import { OPENAI_FRAMES, OPENAI_HELLO, OPENAI_STREAM, textChunk } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;
let clock: WatchedClock;
let settled: { target: string; outcome: AttemptOutcome }[];
let reserved: string[];

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const MODELS = {
  gpt: {
    targets: [
      { provider: 'openai', model: 'first', weight: 1_000_000 },
      { provider: 'openai', model: 'second' },
    ],
    fallbacks: ['third'],
  },
  third: { targets: ['openai/third'] },
};

const whole: Answer = { headers: JSON_BODY, chunks: [OPENAI_HELLO] };
const failing: Answer = { status: 500, headers: JSON_BODY, chunks: ['{"error":{"message":"oops"}}'] };
const stream = (answer: Omit<Answer, 'headers'>): Answer => ({ headers: EVENT_STREAM, ...answer });

/** Answers by the name of the model that is asked. */
async function start(hedge: Hedge, answers: Readonly<Record<string, Answer>>, retries = 0): Promise<string> {
  clock = new WatchedClock();
  settled = [];
  reserved = [];
  upstream.answer((request) => answers[modelOf(request.body)] ?? { status: 500 });
  const plugin = inlinePlugin('hedge', ({ hooks }) => {
    hooks.route.tap((route) => ({ ...route, hedge }));
    hooks.meter.reserve.tap(({ target }) => {
      reserved.push(target.model);
      return undefined;
    });
    hooks.meter.settle.tap((outcome, { target }) => void settled.push({ target: target.model, outcome }));
  });
  const config = { models: MODELS, retries, keepAlive: 'off' } as const;
  running = await startGateway({ upstream: upstream.url, config, clock, plugins: [plugin], random: () => 0 });
  return running.url;
}

const modelOf = (body: Buffer): string => (JSON.parse(body.toString()) as { model: string }).model;
const ask = (url: string, isStream = true, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream: isStream }),
    ...(signal === undefined ? {} : { signal }),
  });
const asked = (): string[] => upstream.received.map(({ body }) => modelOf(body));
const arrived = (count: number): Promise<unknown> =>
  waitFor(() => (upstream.received.length === count ? true : undefined));
const results = async (): Promise<string[]> =>
  ((await running?.record())?.attempts ?? []).map(({ model, result }) => `${model} ${result}`);

test('a target that answers in time is the only one that is asked', async () => {
  const url = await start({ delay: 1000, most: 2 }, { first: stream({ chunks: OPENAI_FRAMES }) });
  expect(await (await ask(url)).text()).toContain(' there');
  expect([asked(), await results()]).toEqual([['first'], ['first success']]);
  clock.advance(5000);
  expect(asked()).toEqual(['first']);
});

test('after the delay a second one is asked; the first content wins, and the loser is cancelled and settled', async () => {
  const { role } = OPENAI_STREAM;
  const url = await start(
    { delay: 1000, most: 2 },
    { first: stream({ chunks: [role], end: 'hang' }), second: stream({ chunks: OPENAI_FRAMES }) },
  );
  const reply = ask(url);
  await arrived(1);
  clock.advance(999);
  expect(asked()).toEqual(['first']);
  clock.advance(1);
  const response = await reply;
  expect(response.headers.get('x-gatewright-target')).toBe('openai/second');
  expect(await response.text()).toContain(' there');
  expect(await upstream.received[0]?.aborted).toBe(true);
  expect(await results()).toEqual(['first hedged', 'second success']);
  expect(reserved).toEqual(['first', 'second']);
  expect(settled.map(({ target, outcome }) => `${target} ${outcome.result} ${outcome.error?.code}`).toSorted()).toEqual(
    ['first hedged undefined', 'second success undefined'],
  );
  // When the client had its first content says nothing of the one that was outpaced.
  expect(settled.find(({ target }) => target === 'first')?.outcome).not.toHaveProperty('timeToFirstToken');
});

test('no more are asked than may be at once, one after each delay', async () => {
  const silent: Answer = { end: 'never' };
  const url = await start({ delay: 1000, most: 3 }, { first: silent, second: silent, third: whole });
  const reply = ask(url, false);
  await arrived(1);
  clock.advance(1000);
  await arrived(2);
  clock.advance(1000);
  expect((await reply).status).toBe(200);
  expect(asked()).toEqual(['first', 'second', 'third']);
  expect(await results()).toEqual(['first hedged', 'second hedged', 'third success']);
  const again = await start({ delay: 1000, most: 2 }, { first: silent, second: silent, third: whole });
  const leaver = new AbortController();
  const left = ask(again, false, leaver.signal).catch(() => 'left');
  await arrived(1);
  clock.advance(1000);
  await arrived(2);
  clock.advance(10_000);
  expect(asked()).toEqual(['first', 'second']);
  leaver.abort();
  expect(await left).toBe('left');
  expect(await results()).toEqual(['first client-gone', 'second client-gone']);
  expect(await upstream.received[0]?.aborted).toBe(true);
});

test('when everything is slow, only some requests are asked twice', async () => {
  const silent: Answer = { end: 'never' };
  const url = await start({ delay: 1000, most: 2 }, { first: silent, second: silent });
  const leavers = Array.from({ length: 40 }, () => new AbortController());
  const replies = leavers.map(({ signal }) => ask(url, false, signal).catch(() => 'left'));
  await arrived(40);
  clock.advance(1000);
  const most = 10 + 40 * 0.2;
  await waitFor(() => (upstream.received.length >= 40 + most - 1 ? true : undefined));
  for (const leaver of leavers) leaver.abort();
  await Promise.all(replies);
  expect(upstream.received.length).toBeLessThanOrEqual(40 + most);
});

test('a failure before the delay asks the next one at once', async () => {
  const url = await start({ delay: 60_000, most: 2 }, { first: failing, second: whole });
  expect((await ask(url, false)).status).toBe(200);
  expect(await results()).toEqual(['first error', 'second success']);
});

test('a failure while another is still asked waits for that one, and asks the next besides it', async () => {
  const url = await start({ delay: 1000, most: 2 }, { first: { end: 'never' }, second: failing, third: whole });
  const reply = ask(url, false);
  await arrived(1);
  clock.advance(1000);
  expect((await reply).status).toBe(200);
  expect(await results()).toEqual(['first hedged', 'second error', 'third success']);
});

test('a target that failed is asked again besides the one that is still asked, and may win', async () => {
  const url = await start({ delay: 1000, most: 2 }, {}, 1);
  let seconds = 0;
  upstream.answer(({ body }) => {
    if (modelOf(body) === 'first') return { end: 'never' };
    return ++seconds === 1 ? failing : whole;
  });
  const reply = ask(url, false);
  await arrived(1);
  clock.advance(1000);
  expect((await reply).headers.get('x-gatewright-target')).toBe('openai/second');
  expect(asked()).toEqual(['first', 'second', 'second']);
  expect(await results()).toEqual(['first hedged', 'second error', 'second success']);
  expect(reserved).toEqual(['first', 'second', 'second']);
  expect(await upstream.received[0]?.aborted).toBe(true);
});

test('a pause before a retry is no longer waited for when another has answered, or the client has left', async () => {
  const busy: Answer = { status: 429, headers: { ...JSON_BODY, 'retry-after': '5' }, chunks: ['{}'] };
  const url = await start({ delay: 1000, most: 2 }, { first: busy, second: busy, third: busy }, 1);
  const before = clock.waiting;
  const leaver = new AbortController();
  const left = ask(url, false, leaver.signal).catch(() => 'left');
  await clock.awaited(5000);
  leaver.abort();
  expect(await left).toBe('left');
  await running?.record();
  expect(clock.waiting).toBe(before);
});

test('when all fail, the client has one error that lists them', async () => {
  const url = await start({ delay: 0, most: 3 }, { first: failing, second: failing, third: failing });
  const reply = ask(url, false);
  await waitFor(() => {
    clock.advance(0);
    return upstream.received.length === 3 ? true : undefined;
  });
  const response = await reply;
  expect(response.status).toBe(500);
  expect(response.headers.get('x-gatewright-tried')?.split('; ').toSorted()).toEqual([
    'openai/first: 500 oops',
    'openai/second: 500 oops',
    'openai/third: 500 oops',
  ]);
});

test('a request that no target would take is refused by the first that says so', async () => {
  const refusing: Answer = { status: 400, headers: JSON_BODY, chunks: ['{"error":{"message":"bad"}}'] };
  const url = await start({ delay: 60_000, most: 2 }, { first: refusing, second: whole });
  expect((await ask(url, false)).status).toBe(400);
  expect(asked()).toEqual(['first']);
});

test('content of both at the same time reaches the client once', async () => {
  const answer = (text: string): Answer =>
    stream({ chunks: [textChunk(text), OPENAI_STREAM.stop, OPENAI_STREAM.done] });
  const url = await start({ delay: 0, most: 2 }, { first: answer('one'), second: answer('two') });
  for (let round = 0; round < 20; round++) {
    const reply = ask(url);
    const text = await (async () => {
      for (;;) {
        clock.advance(0);
        const done = await Promise.race([
          reply,
          new Promise<undefined>((resolve) => setTimeout(resolve, 1, undefined)),
        ]);
        if (done !== undefined) return done.text();
      }
    })();
    expect(text.includes('"one"') !== text.includes('"two"')).toBe(true);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  }
  const records = await waitFor(() => (running?.records.length === 20 ? running.records : undefined));
  for (const { attempts } of records) {
    expect(attempts.filter(({ result }) => result === 'success')).toHaveLength(1);
    expect(attempts.every(({ result }) => result === 'success' || result === 'hedged')).toBe(true);
  }
});
