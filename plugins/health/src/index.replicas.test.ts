/** Several gateways in front of one provider: what one finds, all know. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock, type Plugin } from '@gatewright/core';
import { Ledger, MemoryState } from '@gatewright/state-memory';
import stateRedis from '@gatewright/state-redis';
import { ManualClock } from '@gatewright/testkit';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterEach, expect, test } from 'vitest';
import { closeAll, failing, inline, startRig, startUpstreams, WELL, type Rig } from './rig.test.kit.ts';

/** Nothing waits long for a Redis that is away. */
const QUICK = { commandTimeout: 300, drainTimeout: 100, budgetsWithoutStore: 'zero' };

let server: RedisServer | undefined;
afterEach(async () => {
  await closeAll();
  await server?.stop();
  server = undefined;
});

async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (holds()) return;
    await sleep(25);
  }
  throw new Error('It never came true.');
}

const stateOf = (rig: Rig): string | undefined => rig.health().of('main/up')?.state;

/** Two gateways in one process, with one state between them. */
async function inMemory(options = {}): Promise<{ first: Rig; second: Rig; advance: (by: number) => void }> {
  const clock = new ManualClock();
  const ledger = new Ledger(clock, { lease: 60_000, seedTimeout: 1000 });
  const upstreams = await startUpstreams();
  const open = (owner: string): Promise<Rig> => {
    const state = inline('state', ({ provide }) => provide('state', new MemoryState(ledger, owner)), ['state']);
    return startRig({ options, upstreams, clock, plugins: [state] });
  };
  return { first: await open('one'), second: await open('two'), advance: (by) => clock.advance(by) };
}

test('what one gateway finds, the other does not have to find', async () => {
  const { first, second, advance } = await inMemory();
  first.main.answer(failing(500));
  await first.asks(5);
  expect([(await second.ask()).status, first.main.received.length]).toEqual([503, 5]);
  advance(10_000);
  first.main.answer(WELL);
  await second.asks(2);
  expect([stateOf(first), stateOf(second)]).toEqual(['closed', 'closed']);
});

test('all gateways together try no more often at once than may be', async () => {
  const { first, second, advance } = await inMemory({ probes: 2 });
  first.main.answer(failing(500));
  await first.asks(5);
  advance(10_000);
  first.main.answer({ end: 'never' });
  const arrived = first.main.next();
  const hanging = [first.ask(), second.ask()];
  await arrived;
  await eventually(() => first.main.received.length === 7);
  const shed = await Promise.all([first, second, first, second].map((rig) => rig.ask()));
  expect(shed.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
  expect(shed[0]?.body.error?.code).toBe('GW_TARGET_UNHEALTHY');
  expect(first.main.received).toHaveLength(7);
  await first.main.close();
  // Two who tried have failed, and it is open for both.
  await Promise.all(hanging);
  expect([stateOf(first), stateOf(second)]).toEqual(['open', 'open']);
});

test('over Redis: open for both, closed for both, and each by itself while Redis is away', async () => {
  const redis = await startRedis();
  server = redis;
  const upstreams = await startUpstreams();
  const open = (): Promise<Rig> =>
    startRig({
      options: { pause: '1s', successes: 1 },
      upstreams,
      clock: systemClock,
      entries: [{ use: stateRedis as Plugin, with: { url: redis.url, ...QUICK } }],
    });
  const [first, second] = [await open(), await open()];
  first.main.answer(failing(500));
  await first.asks(5);
  await eventually(() => stateOf(second) !== undefined && stateOf(second) !== 'closed');
  expect(second.health().of('main/up')?.reason).toContain('5 calls failed in a row');
  first.main.answer(WELL);
  await eventually(() => stateOf(second) === 'half-open');
  expect((await second.ask()).status).toBe(200);
  await eventually(() => stateOf(first) === 'closed' && stateOf(second) === 'closed');
  await redis.crash();
  first.main.answer(failing(500));
  await first.asks(5);
  expect(stateOf(first)).not.toBe('closed');
  expect(stateOf(second)).toBe('closed');
  // The state counts those that try, and lets each replica go on by itself while it is away.
  first.main.answer(WELL);
  await eventually(() => stateOf(first) === 'half-open');
  expect((await first.ask()).status).toBe(200);
  expect(stateOf(first)).toBe('closed');
});
