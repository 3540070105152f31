/** Measures reserve and settle with seven scopes; run with node and `--conditions=gatewright-source`. */
import { performance } from 'node:perf_hooks';
import type { Claim, ClaimWindow } from '@gatewright/core';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { bill, hold, openState } from './state.test.kit.ts';

const SCOPES = ['key:a', 'user:b', 'team:c', 'organisation:d', 'end-user:e', 'tag:f', 'global'];
const DAY = 86_400_000;
const ROUNDS = 7;
const PAIRS = 5000;
const AT_ONCE = 64;

function today(): ClaimWindow {
  const start = Math.floor(Date.now() / DAY) * DAY;
  const periods = [-1, 0, 1].map((day) => ({ id: `${day}`, start: start + day * DAY, end: start + (day + 1) * DAY }));
  return { kind: 'periods', name: '1d', periods };
}

/** Seconds of CPU that the server's main thread has used. */
async function cpuOf(server: RedisServer): Promise<number> {
  const info = await server.command('info', 'cpu');
  const read = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return read('used_cpu_user_main_thread') + read('used_cpu_sys_main_thread');
}

const server = await startRedis();
const state = await openState({ url: server.url, lease: 60_000, commandTimeout: 5000, budgetsWithoutStore: 'zero' });
const window = today();
const claims = SCOPES.map((scope): Claim => {
  return { scope, unit: 'nanos', window, kind: 'budget', amount: 1000n, limit: 10n ** 14n };
});
let next = 0;

async function pairs(count: number): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const id = `h${next++}`;
      const answer = await state.reserve(hold(id, ...claims));
      if (!answer.ok) throw new Error('The budget is spent.');
      await state.settle(
        id,
        claims.map((claim, index) => bill(claim, 700n, answer.grants[index])),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

await pairs(PAIRS);
const best = { perSecond: 0, redis: Infinity, gateway: Infinity };
for (let round = 0; round < ROUNDS; round++) {
  const [cpu, own, started] = [await cpuOf(server), process.cpuUsage(), performance.now()];
  await pairs(PAIRS);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(own);
  best.perSecond = Math.max(best.perSecond, PAIRS / seconds);
  best.redis = Math.min(best.redis, (((await cpuOf(server)) - cpu) * 1e6) / PAIRS);
  best.gateway = Math.min(best.gateway, (user + system) / PAIRS);
}
const lines = [
  `${Math.round(best.perSecond)} pairs per second`,
  `${best.redis.toFixed(0)} µs of Redis's CPU per pair`,
  `${best.gateway.toFixed(0)} µs of the gateway's`,
];
process.stdout.write(`Best of ${ROUNDS} rounds: ${lines.join(', ')}.\n`);
state.abandon();
await server.stop();
