/** Processes of their own on one Redis: racing for one budget, killed, and stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bill, budget, eventually, hold, openState, standing } from './state.test.kit.ts';

const RACER = fileURLToPath(new URL('redis-state.racer.test.kit.ts', import.meta.url));
const CLAIM = budget('raced', { amount: 7n, limit: 1000n });

let server: RedisServer;
const children: ChildProcess[] = [];

beforeEach(async () => {
  server = await startRedis();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await server.stop();
});

interface Racer {
  readonly child: ChildProcess;
  /** The next line that it says. */
  line(): Promise<string>;
}

function startRacer(what: 'race' | 'hold', name: string): Racer {
  const given = JSON.stringify({ url: server.url, budgetsWithoutStore: 'zero' });
  const flags = ['--conditions=gatewright-source', '--no-warnings', RACER, given, what, name];
  const child = spawn(process.execPath, flags, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

test('two processes that race for one budget never pass it', async () => {
  const racers = [startRacer('race', 'a'), startRacer('race', 'b')];
  for (const racer of racers) expect(await racer.line()).toBe('ready');
  for (const { child } of racers) child.stdin?.write('go\n');
  const said = await Promise.all(racers.map((racer) => racer.line()));
  const granted = said.map((line) => Number(/^granted (\d+)$/.exec(line)?.[1]));
  expect(granted.reduce((sum, one) => sum + one, 0)).toBe(Math.floor(1000 / 7));
});

test('a process that is killed leaves holds, which are found after its lease and given back', async () => {
  const state = await openState({ url: server.url, budgetsWithoutStore: 'zero' });
  const racer = startRacer('hold', 'victim');
  expect([await racer.line(), await racer.line()]).toEqual(['ready', 'holds']);
  racer.child.kill('SIGKILL');
  expect(await state.orphans(10)).toEqual([]);
  expect(await standing(state, CLAIM)).toEqual([0n, 7n]);
  await eventually(async () => (await state.orphans(10)).length === 1);
  const [orphan] = await state.orphans(10);
  expect(orphan).toMatchObject({ id: 'victim-1', memo: '{"memo":"victim-1"}' });
  await state.reclaim('victim-1', orphan?.postings ?? []);
  expect(await standing(state, CLAIM)).toEqual([0n, 0n]);
  expect(await state.orphans(10)).toEqual([]);
  // Its owner is forgotten with its last hold.
  await eventually(async () => {
    await state.orphans(10);
    const key = (await server.command('keys', '*:owners')).split('\r\n').find((line) => line.endsWith(':owners'));
    return (await server.command('zcard', key ?? '')).startsWith(':1');
  });
  state.abandon();
});

test('a process that was stopped for twice its lease settles late, though others had billed its hold', async () => {
  const state = await openState({ url: server.url, budgetsWithoutStore: 'zero' });
  const racer = startRacer('hold', 'sleeper');
  expect([await racer.line(), await racer.line()]).toEqual(['ready', 'holds']);
  racer.child.kill('SIGSTOP');
  await eventually(async () => (await state.orphans(10)).length === 1);
  const [orphan] = await state.orphans(10);
  await state.reclaim('sleeper-1', [{ ...bill(CLAIM, 7n), ...orphan?.postings[0], actual: 7n }]);
  racer.child.kill('SIGCONT');
  const third = await openState({ url: server.url, budgetsWithoutStore: 'zero' });
  // The bill itself, from another process than the one that reclaimed.
  expect(await third.settle('sleeper-1', [bill(CLAIM, 2n)])).toEqual({ late: true, duplicate: false });
  expect(await standing(state, CLAIM)).toEqual([2n, 0n]);
  // It lives again, and may go on.
  await eventually(async () => (await server.command('keys', '*:owners')).includes('owners'));
  expect(await state.reserve(hold('next', CLAIM))).toMatchObject({ ok: true });
  state.abandon();
  third.abandon();
});
