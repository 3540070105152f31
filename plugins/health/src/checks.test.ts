/** Servers that are checked: what a check says, when it is made, and what it does to the breaker. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fakeUpstream, ManualClock, type FakeUpstream } from '@gatewright/testkit';
import { systemClock } from '@gatewright/core';
import { afterEach, expect, test } from 'vitest';
import { checkServer } from './server-check.ts';
import { model, Stage } from './stage.test.kit.ts';
import { TermsBook } from './terms.ts';
import { options, targetOverrides } from './options.ts';

const upstreams: FakeUpstream[] = [];
const wards: Stage[] = [];
afterEach(async () => {
  for (const stage of wards.splice(0)) stage.ward.close();
  for (const upstream of upstreams.splice(0)) await upstream.close();
});

async function upstreamThat(answer: Parameters<typeof fakeUpstream>[0]): Promise<FakeUpstream> {
  const upstream = await fakeUpstream(answer);
  upstreams.push(upstream);
  return upstream;
}

test.each([
  [200, undefined],
  [302, undefined],
  [401, undefined],
  [404, undefined],
  [500, 'status 500'],
  [503, 'status 503'],
] as const)('a server that answers with %i: %s', async (status, fault) => {
  const { origin, received } = await upstreamThat({ status, body: 'x'.repeat(100) });
  expect(await checkServer(`${origin}/page`, systemClock, 5000)).toBe(fault);
  expect(received.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
    ['GET', '/page', undefined],
  ]);
});

test('a server that is not there, or says nothing', async () => {
  const gone = createServer();
  gone.listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as { port: number };
  gone.close();
  expect(await checkServer(`http://127.0.0.1:${port}/`, systemClock, 5000)).toBe('no connection');
  const silent = await upstreamThat({ end: 'never' });
  const clock = new ManualClock();
  const arrived = silent.next();
  const answer = checkServer(`${silent.origin}/`, clock, 5000);
  await arrived;
  clock.advance(5000);
  expect(await answer).toBe('no answer in time');
});

/** A ward that checks `a/one` every 30 seconds. */
function checking(origin: string): Stage {
  const check = targetOverrides.parse({ check: { url: `${origin}/page` } });
  const [first, ...rest] = model('m', ['a/one', 'a/two']).targets;
  const targets = [{ ...first, with: { health: check } }, ...rest] as ReturnType<typeof model>['targets'];
  const stage = new Stage({ models: [model('m', [], { targets })], options: { failures: 3 }, random: () => 0 });
  wards.push(stage);
  return stage;
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

test('checks that fail open it without a call, and no call tries it while they fail', async () => {
  const upstream = await upstreamThat({ status: 503 });
  const stage = checking(upstream.origin);
  const { clock } = stage;
  // The next is due once the one before has been heard of.
  const next = async (after: number): Promise<void> => {
    await eventually(() => clock.waiting === 1);
    const count = upstream.received.length;
    clock.advance(after);
    await eventually(() => upstream.received.length > count && clock.waiting === 1);
  };
  await next(0);
  await next(30_000);
  expect(stage.state()).toBe('closed');
  await next(30_000);
  expect(stage.ward.of('a/one')).toMatchObject({
    state: 'open',
    reason: '3 checks failed in a row, the last with status 503',
  });
  expect([stage.call('ok'), stage.call('ok', 'a/two')]).toEqual(['shed', 'called']);
  await next(30_000);
  clock.advance(29_000);
  expect(stage.call('ok')).toBe('shed');
  upstream.answer({ status: 404 });
  await next(1_000);
  clock.advance(10);
  expect([stage.call('ok'), stage.call('ok'), stage.state()]).toEqual(['tried', 'tried', 'closed']);
});

test('a check that passes takes nothing back that calls have found', async () => {
  const upstream = await upstreamThat({ status: 200 });
  const stage = checking(upstream.origin);
  stage.calls(2, 500);
  stage.clock.advance(0);
  await eventually(() => upstream.received.length === 1 && stage.clock.waiting === 1);
  stage.call(500);
  expect(stage.state()).toBe('open');
});

test('nothing is checked that nobody asked for, nor after a configuration without it, nor after the end', async () => {
  expect(new Stage().clock.waiting).toBe(0);
  const upstream = await upstreamThat({});
  const stage = checking(upstream.origin);
  stage.ward.serve(stage.service({ models: [model('m', ['a/one'])] }));
  expect(stage.clock.waiting).toBe(0);
  const other = checking(upstream.origin);
  other.ward.close();
  expect(other.clock.waiting).toBe(0);
});

test.each([
  { url: 'ftp://a/' },
  { url: 'http://a/?key=1' },
  { url: 'http://me@a/' },
  { url: 'http://a/', every: 0 },
  {},
])('a check %j is refused', (check) => expect(targetOverrides.safeParse({ check }).success).toBe(false));

test('a target that stands for many has no server of its own', () => {
  const check = targetOverrides.parse({ check: { url: 'http://127.0.0.1/' } });
  const targets = model('any/*', ['a/*']).targets.map((one) => Object.assign({}, one, { with: { health: check } }));
  expect(() => new TermsBook(options.parse({}), [model('any/*', [], { targets })], 'health')).toThrow(
    'the target a/* stands for many',
  );
});
