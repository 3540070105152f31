/** A hundred reloads under load: no request fails, counts go on, and nothing of the configurations before is left. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createGateway,
  definePlugin,
  GatewayError,
  silentLogger,
  systemClock,
  type Clock,
  type Gateway,
  type GatewayConfig,
  type Plugin,
  type State,
} from '@gatewright/core';
import budgets from '@gatewright/budgets';
import dialectOpenai from '@gatewright/dialect-openai';
import limits from '@gatewright/limits';
import metrics from '@gatewright/metrics-prometheus';
import prices from '@gatewright/prices';
import providerOpenai from '@gatewright/provider-openai';
import stateMemory from '@gatewright/state-memory';
import storeSqlite from '@gatewright/store-sqlite';
import usage from '@gatewright/usage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { EVENT_STREAM, Upstream } from './upstream.ts';
import { OPENAI_FRAMES } from './wires.ts';

const COUNTER = { scope: 'global', unit: 'nanos', window: { kind: 'total', name: 'total' } } as const;
const RELOADS = 100;
const CLIENTS = 8;

/** Counts what is waited for: timers that do not keep the process alive are shown nowhere else. */
class CountingClock implements Clock {
  pending = 0;
  now = (): number => systemClock.now();
  monotonic = (): number => systemClock.monotonic();

  after(delay: number, task: () => void): () => void {
    let open = true;
    const close = (): void => {
      if (open) this.pending--;
      open = false;
    };
    this.pending++;
    const cancel = systemClock.after(delay, () => {
      close();
      task();
    });
    return () => {
      close();
      cancel();
    };
  }
}

let upstream: Upstream;
let folder = '';
let state: State | undefined;
let gateway: Gateway;
const clock = new CountingClock();
const agent = new Agent({ keepAlive: true });
const spent: bigint[] = [];

/** Knows what the gateway itself says that was spent. */
const look = definePlugin({
  name: 'look',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({ broken: z.boolean().default(false) }),
  uses: ['state'],
  setup({ hooks, use, onReady }, { broken }) {
    state = use('state');
    hooks.log.tap(({ attempts }) => {
      for (const { cost } of attempts) spent.push(cost?.nanos ?? 0n);
    });
    if (broken) onReady(() => Promise.reject(new Error('This one is refused last of all.')));
  },
}) as Plugin;

function config(turn: number, more: Partial<GatewayConfig> = {}, broken = false): GatewayConfig {
  return {
    retries: 0,
    drainTimeout: '20s',
    models: { gpt: { targets: ['openai/gpt-upstream'] } },
    ...more,
    plugins: [
      { use: dialectOpenai as Plugin },
      // Turn by turn other options: what does not depend on them is shared.
      { use: providerOpenai as Plugin, with: { apiKey: `key-${turn}`, baseUrl: `${upstream.url}/v1` } },
      { use: prices as Plugin, with: { overrides: [{ model: 'gpt-upstream', input: '10', output: '100' }] } },
      { use: storeSqlite as Plugin, with: { path: join(folder, 'records.db') } },
      { use: stateMemory as Plugin, with: { lease: 15_000 + turn } },
      { use: limits as Plugin },
      { use: budgets as Plugin, with: { budgets: [{ per: 'global', limit: '1000', window: 'total' }] } },
      { use: usage as Plugin, with: { journal: join(folder, 'journal') } },
      { use: metrics as Plugin, with: { process: false } },
      { use: look, with: { broken } },
    ],
  };
}

beforeAll(async () => {
  upstream = await Upstream.start();
  upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES, gap: 3 });
  folder = mkdtempSync(join(tmpdir(), 'gatewright-reload-'));
  gateway = await createGateway(config(0), { logger: silentLogger, clock });
});

afterAll(async () => {
  agent.destroy();
  await gateway.close();
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One stream, to its end. Answers what is wrong with it. */
function stream(port: number): Promise<string | undefined> {
  const body = JSON.stringify({ model: 'gpt', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const call = request({ agent, port, method: 'POST', path: '/v1/chat/completions', headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', (error) => resolve(String(error)));
      response.on('end', () => {
        const whole = response.statusCode === 200 && text.trimEnd().endsWith('data: [DONE]');
        resolve(whole ? undefined : `${response.statusCode} ${text}`);
      });
    });
    call.on('error', (error) => resolve(String(error)));
    call.end(body);
  });
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const counts = (): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) found[kind] = (found[kind] ?? 0) + 1;
  return found;
};

test('a hundred reloads under load', { timeout: 120_000 }, async () => {
  const { port } = await gateway.listen({ port: 0, host: '127.0.0.1' });
  const failures: string[] = [];
  let served = 0;
  let going = true;
  const client = async (): Promise<void> => {
    while (going) {
      const failure = await stream(port);
      if (failure !== undefined) failures.push(failure);
      served++;
    }
  };
  const run = async (first: number, last: number): Promise<WeakRef<object>[]> => {
    const kernels: WeakRef<object>[] = [];
    going = true;
    const clients = Array.from({ length: CLIENTS }, client);
    for (let turn = first; turn <= last; turn++) {
      // The rest of a reload is the end of the kernel before: the next one does not wait for it.
      await new Promise<void>((resolve, reject) => void gateway.reload(config(turn), resolve).catch(reject));
      kernels.push(new WeakRef(gateway.kernel));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    going = false;
    await Promise.all(clients);
    await gateway.reload(config(last));
    return kernels;
  };
  await run(1, 3);
  const before: Record<string, number> = { ...counts(), timers: clock.pending };
  const kernels = await run(4, RELOADS);
  expect(failures).toEqual([]);
  expect(served).toBeGreaterThan(RELOADS);
  // Counts survive: the budget has what all answers cost, over all configurations.
  const [balance] = (await state?.balances([COUNTER])) ?? [];
  expect(balance).toMatchObject({ reserved: 0n, spent: spent.reduce((sum, nanos) => sum + nanos, 0n) });
  expect(spent.length).toBe(served);
  // Kernels before the last end when their last stream has: nobody waited for them.
  for (let tries = 0; clock.pending > (before['timers'] ?? 0) && tries < 200; tries++) await sleep(20);
  const after: Record<string, number> = { ...counts(), timers: clock.pending };
  // Both ends of eight connections to the gateway, and of eight from it, are in this process.
  expect(after['TCPSocketWrap'], JSON.stringify({ before, after })).toBeLessThanOrEqual(4 * CLIENTS + 2);
  for (const kind of ['TCPServerWrap', 'MessagePort', 'timers'] as const)
    expect(after[kind], `${kind}: ${JSON.stringify({ before, after })}`).toBeLessThanOrEqual(before[kind] ?? 0);
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 50));
  collectGarbage();
  expect(kernels.filter((kernel) => kernel.deref() !== undefined).length).toBeLessThanOrEqual(2);
});

test('a configuration that is refused at the very end changes nothing of what is shared', async () => {
  const elsewhere = { ...config(RELOADS, {}, true) };
  const moved = elsewhere.plugins?.map((entry) =>
    entry?.use === (storeSqlite as Plugin) ? { ...entry, with: { path: join(folder, 'other.db') } } : entry,
  );
  const refused = gateway.reload({ ...elsewhere, ...(moved !== undefined && { plugins: moved }) });
  await expect(refused).rejects.toThrow('This one is refused last of all.');
  await expect(refused).rejects.toBeInstanceOf(GatewayError);
  // A budget that nobody has asked for is read from the store that serves, not from the one that was closed again.
  const window = { kind: 'total', name: 'total' } as const;
  const claim = { scope: 'fresh', unit: 'nanos', window, kind: 'budget', amount: 1n } as const;
  expect(await state?.reserve({ id: 'fresh-1', claims: [claim], memo: () => '' })).toMatchObject({ ok: true });
});
