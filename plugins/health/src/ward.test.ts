/** Which calls are let through, on one replica and on several, and what its neighbours hear. */
import { isGatewayError, type GatewayError } from '@gatewright/core';
import { ManualClock } from '@gatewright/testkit';
import { MemoryBoard } from '@gatewright/state-memory';
import { expect, test } from 'vitest';
import { model, Stage, target } from './stage.test.kit.ts';

const refusal = (call: () => unknown): GatewayError => {
  try {
    call();
  } catch (error) {
    if (isGatewayError(error)) return error;
  }
  throw new Error('It was let through.');
};

test('a call of a healthy target makes no claim; one that tries claims its place on all replicas', () => {
  const stage = new Stage({ options: { probes: 3 } });
  expect(stage.begin().claims).toBeUndefined();
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  const { claims } = stage.begin();
  expect(claims?.claims).toMatchObject([
    { unit: 'probes', window: { kind: 'held' }, kind: 'limit', amount: 1n, limit: 3n, outage: { allowance: 3n } },
  ]);
  expect(claims?.claims[0]?.scope).toMatch(/^probe:a\/one#r[\w-]+\.0$/);
});

test('a place that another replica has taken is no rate limit of the caller, and is free again here', () => {
  const stage = new Stage({ options: { probes: 1 } });
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  const error = stage.begin().claims?.claims[0]?.refusal?.();
  expect(error).toMatchObject({ code: 'GW_TARGET_UNHEALTHY', status: 503, details: { retryAfter: 1000 } });
  expect(error?.message).toContain('right now by others');
  expect(stage.call('ok')).toBe('tried');
});

test('the error says why and when; of several that are open, when the first is tried', () => {
  const stage = new Stage();
  stage.calls(5, 500);
  stage.clock.advance(4_000);
  stage.calls(5, 503, 'b/one');
  const error = refusal(() => stage.begin('b/one', ['a/one', 'a/two']));
  expect(error).toMatchObject({ code: 'GW_TARGET_UNHEALTHY', status: 503, retryable: true });
  expect(error.message).toBe(
    'b/one is not called: 5 calls failed in a row, the last with status 503. It is tried again in 10 s.',
  );
  expect(error.details).toMatchObject({ target: 'b/one', retryAfter: 6_000 });
});

test('each opening and each closing is one line of the log', () => {
  const stage = new Stage();
  stage.calls(5, 500);
  stage.calls(50, 500);
  stage.clock.advance(10_000);
  stage.calls(2, 'ok');
  stage.calls(50, 'ok');
  expect(stage.lines.map(([line]) => line)).toEqual([
    'a/one is not called for 10 s: 5 calls failed in a row, the last with status 500.',
    'a/one is called again after 10 s.',
  ]);
});

test('replicas that share a board open and close together, and one that comes later hears of it', () => {
  const clock = new ManualClock();
  const board = new MemoryBoard(clock);
  const [first, second] = [new Stage({ clock, board }), new Stage({ clock, board })];
  first.calls(5, 500);
  expect([second.state(), second.call('ok'), second.ward.of('a/one')?.reason]).toEqual([
    'open',
    'shed',
    '5 calls failed in a row, the last with status 500',
  ]);
  expect(second.lines[0]?.[0]).toContain('as another replica has found');
  clock.advance(4_000);
  const late = new Stage({ clock, board });
  expect(late.ward.of('a/one')).toMatchObject({ state: 'open', until: clock.now() + 6_000 });
  clock.advance(6_000);
  second.calls(2, 'ok');
  expect([first, second, late].map((stage) => stage.state())).toEqual(['closed', 'closed', 'closed']);
  // A failed try opens it for all again, and longer.
  first.calls(5, 500);
  clock.advance(20_000);
  second.call(500);
  expect([first.state(), late.ward.of('a/one')?.until]).toEqual(['open', clock.now() + 40_000]);
});

test('a replica that keeps to itself neither tells nor hears', () => {
  const clock = new ManualClock();
  const board = new MemoryBoard(clock);
  const [first, alone] = [new Stage({ clock, board }), new Stage({ clock, board, options: { share: false } })];
  first.calls(5, 500);
  expect(alone.call('ok')).toBe('called');
  alone.calls(5, 500, 'a/two');
  expect(first.call('ok', 'a/two')).toBe('called');
});

test('what is not its own, or not understood, is not opened', async () => {
  const clock = new ManualClock();
  const board = new MemoryBoard(clock);
  const stage = new Stage({ clock, board });
  const opening = { id: 'x', reason: 'because', streak: 0 };
  for (const [key, value] of [
    ['a/one', 'no json'],
    ['a/one', 'null'],
    ['a/one', JSON.stringify({ from: 'y', state: 'ajar', opening })],
    ['a/one', JSON.stringify({ from: 'y', state: 'open', opening: { id: 1 } })],
    ['c/elsewhere', JSON.stringify({ from: 'y', state: 'open', opening })],
    ['a', JSON.stringify({ from: 'y', state: 'open', opening })],
  ] as const) {
    await board.post('health', key, value, 60_000);
  }
  expect(stage.ward.all().filter(({ state }) => state !== 'closed')).toEqual([]);
  await board.post('health', 'a/one', JSON.stringify({ from: 'y', state: 'open', opening }), 60_000);
  expect(stage.state()).toBe('open');
});

test('a notice that could not be posted is posted when that is possible, while it is true', async () => {
  const clock = new ManualClock();
  const board = new MemoryBoard(clock);
  const post = board.post.bind(board);
  let down = true;
  board.post = (...notice) => (down ? Promise.reject(new Error('away')) : post(...notice));
  const [first, second] = [new Stage({ clock, board }), new Stage({ clock, board })];
  first.calls(5, 500);
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await settled();
  for (let tries = 0; tries < 3; tries++) {
    clock.advance(1000);
    await settled();
  }
  expect(second.call('ok')).toBe('called');
  down = false;
  clock.advance(1000);
  await settled();
  expect(second.ward.of('a/one')).toMatchObject({ state: 'open', until: clock.now() + 6_000 });
});

test('connections that fail count for the provider as a whole, where that is wanted', () => {
  const stage = new Stage({ options: { providers: true } });
  stage.calls(2, 'unreachable', 'a/one');
  stage.calls(3, 'unreachable', 'a/two');
  expect([stage.call('ok', 'a/one'), stage.call('ok', 'a/two'), stage.call('ok', 'b/one')]).toEqual([
    'shed',
    'shed',
    'called',
  ]);
  expect(stage.ward.of('a/one')).toMatchObject({ id: 'a', scope: 'provider', state: 'open' });
  stage.clock.advance(10_000);
  expect([stage.call('ok', 'a/one'), stage.call(500, 'a/two'), stage.call('ok', 'a/two')]).toEqual([
    'tried',
    'tried',
    'called',
  ]);
  const apart = new Stage();
  apart.calls(4, 'unreachable', 'a/one');
  apart.calls(4, 'unreachable', 'a/two');
  expect(apart.call('ok', 'a/one')).toBe('called');
});

test('a configuration that is read again keeps what is open, and works by the new settings', () => {
  const stage = new Stage();
  stage.calls(5, 500);
  stage.calls(4, 500, 'a/two');
  stage.ward.serve(stage.service({ options: { failures: 3 }, models: [model('m', ['a/one', 'a/two'])] }));
  expect([stage.state(), stage.call('ok', 'a/two')]).toEqual(['open', 'called']);
  stage.calls(3, 500, 'a/two');
  expect(stage.state('a/two')).toBe('open');
  stage.ward.serve(stage.service({ models: [model('m', ['a/two'])] }));
  expect(stage.ward.all().map(({ id }) => id)).toEqual(['a/two']);
});

test('where it is switched off, nothing is counted or shown', () => {
  const off = target('a/one', { with: { health: { enabled: false } } });
  const stage = new Stage();
  for (let count = 0; count < 50; count++) stage.call(500, off);
  expect([stage.call('ok', off), stage.ward.of('a/one'), stage.ward.all()]).toEqual(['called', undefined, []]);
});

test('a dry run hears what it would be told, and takes nobody’s place', () => {
  const stage = new Stage({ options: { probes: 1 } });
  stage.calls(5, 500);
  stage.clock.advance(10_000);
  const dry = { id: 'dry', target: target('a/one'), exchange: { attempts: [], trace: { steps: [] } } };
  expect(stage.ward.admit(dry as never)).toBeUndefined();
  expect(stage.call('ok')).toBe('tried');
});

test('names that clients make up do not fill the memory', () => {
  const stage = new Stage({ models: [model('any/*', ['a/*'])] });
  for (let index = 0; index < 10_500; index++) stage.call('ok', target(`a/m${index}`));
  expect(stage.ward.all().length).toBeLessThanOrEqual(10_000);
  stage.clock.advance(60_000);
  stage.call('ok', target('a/last'));
  expect(stage.ward.all().length).toBe(1);
});

test('a primary that comes and goes for a minute is tried a bounded number of times', () => {
  const stage = new Stage({ options: { pause: '5s', window: '30s', failures: 3 } });
  let called = 0;
  // Down for 3 s, up for 3 s; a call every 100 ms, all of which a fallback could serve.
  for (let time = 0; time < 60_000; time += 100) {
    const up = Math.floor(time / 3000) % 2 === 1;
    if (stage.call(up ? 'ok' : 503) !== 'shed' && !up) called++;
    stage.clock.advance(100);
  }
  const { openings = 0 } = stage.ward.of('a/one') ?? {};
  expect(openings).toBeGreaterThan(1);
  // Three calls for each time that it closes again in vain, one for each try: doubling leaves no time for many.
  expect(called).toBeLessThanOrEqual(12);
});
