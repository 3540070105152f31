/** A gateway that is only looked at stands beside one that runs: it takes nothing from it, and leaves nothing behind. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import adminApi from '@gatewright/admin-api';
import authKeys from '@gatewright/auth-keys';
import budgets from '@gatewright/budgets';
import {
  createGateway,
  silentLogger,
  systemClock,
  type Clock,
  type Gateway,
  type GatewayConfig,
  type Plugin,
  type Trace,
} from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import providerSimulated from '@gatewright/provider-simulated';
import stateMemory from '@gatewright/state-memory';
import stateRedis from '@gatewright/state-redis';
import storeSqlite from '@gatewright/store-sqlite';
import usage from '@gatewright/usage';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ADMIN = 'sk-admin-planted-0123456789';

let folder: string;
const running: Gateway[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-dry-'));
});
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.close();
  rmSync(folder, { recursive: true });
});

function configOf(port: number, state: object = { use: stateMemory as Plugin }): GatewayConfig {
  const models = { smart: { targets: ['simulated/smart'] } };
  const budget = { per: 'global', limit: 1, window: 'total' };
  return {
    models,
    plugins: [
      { use: dialectOpenai as Plugin },
      { use: providerSimulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
      { use: prices as Plugin, with: { overrides: [{ model: 'smart', input: '1', output: '2' }] } },
      { use: storeSqlite as Plugin, with: { path: join(folder, 'db') } },
      state as { use: Plugin },
      { use: authKeys as Plugin, with: { adminKey: ADMIN } },
      { use: budgets as Plugin, with: { budgets: [budget] } },
      { use: usage as Plugin, with: { journal: join(folder, 'journal') } },
      { use: adminApi as Plugin, with: { listen: { host: '127.0.0.1', port } } },
    ],
  };
}

/** A clock whose timers are counted while they wait. */
class Counting implements Clock {
  waiting = 0;
  now = (): number => systemClock.now();
  monotonic = (): number => systemClock.monotonic();
  after(delay: number, task: () => void): () => void {
    let over = false;
    const end = (): void => {
      if (!over) this.waiting--;
      over = true;
    };
    this.waiting++;
    const cancel = systemClock.after(delay, () => {
      end();
      task();
    });
    return () => {
      end();
      cancel();
    };
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function boot(config: GatewayConfig, more: object = {}): Promise<Gateway> {
  const gateway = await createGateway(config, { logger: silentLogger, ...more });
  running.push(gateway);
  return gateway;
}

const REQUEST = {
  method: 'POST',
  url: '/v1/chat/completions',
  headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
  payload: JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hi' }] }),
} as const;

/** Explains a request on a gateway that is only looked at; answers how many timers wait afterwards. */
async function look(config: GatewayConfig): Promise<{ waiting: number; target: string | undefined }> {
  const clock = new Counting();
  const gateway = await boot(config, { dry: 'ready', clock });
  const trace: Trace = { steps: [] };
  await gateway.explain(REQUEST, trace);
  return { waiting: clock.waiting, target: trace.call?.target };
}

test('beside a gateway that runs, on its port, its database and its journal', async () => {
  const config = configOf(await freePort());
  await boot(config);
  const files = (): Set<string> => new Set(readdirSync(folder, { encoding: 'utf8', recursive: true }));
  const before = files();
  expect(await look(config)).toEqual({ waiting: 0, target: 'simulated/smart' });
  expect(files()).toEqual(before);
});

test('where nothing was before, nothing is made', async () => {
  const config = configOf(await freePort());
  expect(await look(config)).toEqual({ waiting: 0, target: 'simulated/smart' });
  expect([existsSync(join(folder, 'db')), existsSync(join(folder, 'journal'))]).toEqual([false, false]);
});

test('a Redis that nobody can reach is not asked', async () => {
  const config = configOf(await freePort(), {
    use: stateRedis,
    with: { url: `redis://127.0.0.1:${await freePort()}` },
  });
  expect(await look(config)).toEqual({ waiting: 0, target: 'simulated/smart' });
});

test('what is spent is read from the store', async () => {
  const config = configOf(await freePort());
  const gateway = await boot(config);
  const { json } = await gateway.inject(REQUEST).then((reply) => ({ json: JSON.parse(reply.payload) as object }));
  expect(json).toMatchObject({ object: 'chat.completion' });
  await gateway.close();
  const tight = configOf(await freePort());
  const entry = tight.plugins?.find((one) => one?.use === (budgets as unknown)) as { with: object };
  entry.with = { budgets: [{ per: 'global', limit: '0.000001', window: 'total' }] };
  const dry = await boot(tight, { dry: 'ready' });
  const trace: Trace = { steps: [] };
  const reply = await dry.explain(REQUEST, trace);
  expect(reply.statusCode).toBe(402);
  expect(reply.payload).toMatch(/It has spent \$0\.00\d*[1-9] of/);
});
