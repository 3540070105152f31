/** Mirrors: copies that delay and fail nothing, bounded, and none after the end. */
import type { Exchange, Logger } from '@gatewright/core';
import { ManualClock } from '@gatewright/testkit';
import { expect, test } from 'vitest';
import { Mirrors } from './mirror.ts';
import { seeded } from './rig.test.kit.ts';

interface Spawned {
  readonly request: unknown;
  readonly options: unknown;
  readonly answer: (error?: Error) => void;
}

function rig(most = 2, random: () => number = () => 0) {
  const clock = new ManualClock();
  const said: string[] = [];
  const say = (level: string) => (message: string) => void said.push(`${level}: ${message}`);
  const log: Logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const spawned: Spawned[] = [];
  const exchange = (more: object = {}): Exchange =>
    ({
      id: 'gw_1',
      depth: 0,
      operation: 'chat',
      request: () => ({ model: 'smart', messages: [] }),
      spawn: (request: unknown, options: unknown) =>
        new Promise<void>((resolve, reject) => {
          spawned.push({ request, options, answer: (error) => (error === undefined ? resolve() : reject(error)) });
        }),
      ...more,
    }) as unknown as Exchange;
  return { clock, said, spawned, exchange, mirrors: new Mirrors(most, random, clock, log) };
}

const ALL = { model: 'candidate', share: 1 };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a copy is the same request for another model, beside the exchange', async () => {
  const { mirrors, exchange, spawned } = rig();
  mirrors.copy(exchange(), ALL);
  // Nothing happens while the exchange is still at work.
  expect(spawned).toEqual([]);
  await turn();
  expect(spawned).toMatchObject([
    { request: { model: 'candidate', messages: [] }, options: { cause: 'mirror', operation: 'chat', outlive: true } },
  ]);
});

test('the share holds', () => {
  const { mirrors, exchange } = rig(100_000, seeded(4));
  for (let number = 0; number < 10_000; number++) mirrors.copy(exchange(), { model: 'm', share: 0.1 });
  expect(mirrors.underWay).toBeGreaterThan(900);
  expect(mirrors.underWay).toBeLessThan(1100);
  const none = rig(10, seeded(4));
  for (let number = 0; number < 1000; number++) none.mirrors.copy(none.exchange(), { model: 'm', share: 0 });
  expect(none.mirrors.underWay).toBe(0);
});

test.each([{ depth: 1 }, { operation: 'transcription' }, { operation: 'models' }])('%j is not copied', (more) => {
  const { mirrors, exchange } = rig();
  mirrors.copy(exchange(more), ALL);
  expect(mirrors.underWay).toBe(0);
});

test('more than may be under way at once are left out, and that is said once a minute', async () => {
  const { mirrors, exchange, spawned, said, clock } = rig(2);
  for (let number = 0; number < 5; number++) mirrors.copy(exchange(), ALL);
  await turn();
  expect([mirrors.underWay, spawned.length]).toEqual([2, 2]);
  expect(said).toEqual([
    expect.stringMatching(
      /^warn: Copies to "candidate" were left out \(1 since this was said last\): 2 were under way/,
    ),
  ]);
  clock.advance(60_000);
  mirrors.copy(exchange(), ALL);
  expect(said[1]).toMatch(/\(3 since/);
  spawned[0]?.answer();
  await turn();
  expect(mirrors.underWay).toBe(1);
});

test('a copy that fails, at once or later, fails nothing and makes room', async () => {
  const { mirrors, exchange, spawned, said } = rig(1);
  mirrors.copy(exchange(), ALL);
  await turn();
  spawned[0]?.answer(new Error('no target'));
  await turn();
  expect([mirrors.underWay, said]).toEqual([0, ['debug: A copy to "candidate" failed.']]);
  const broken = (): never => {
    throw new Error('It cannot be read.');
  };
  mirrors.copy(exchange({ request: broken }), ALL);
  await turn();
  expect(mirrors.underWay).toBe(0);
  mirrors.copy(exchange({ spawn: broken }), ALL);
  await turn();
  expect([mirrors.underWay, said.length]).toEqual([0, 3]);
});

test('once it is closed there are no more', async () => {
  const { mirrors, exchange, spawned } = rig();
  mirrors.close();
  mirrors.copy(exchange(), ALL);
  await turn();
  expect([mirrors.underWay, spawned]).toEqual([0, []]);
});
