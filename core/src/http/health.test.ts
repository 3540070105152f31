/** Tests of what is told to those who start gateways and balance between them. */
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { silentLogger } from '../logger.ts';
import { definePlugin, type Plugin } from '../plugin.ts';
import type { GatewayConfig } from '../config/schema.ts';

let gateway: Gateway | undefined;
afterEach(async () => {
  await gateway?.close();
});

interface Told {
  readonly status: number;
  readonly body: unknown;
}

async function ask(path: string): Promise<Told> {
  const reply = await gateway?.inject({ method: 'GET', url: path });
  return { status: reply?.statusCode ?? 0, body: JSON.parse(reply?.payload ?? '') };
}

/** A store that answers as told, and counts how often it was asked. */
function store(answer: { epoch: () => Promise<number> }): Plugin {
  return definePlugin({
    name: 'planted-store',
    version: '1.0.0',
    engine: '^1',
    options: z.strictObject({}),
    provides: ['store'],
    setup({ provide }) {
      provide('store', answer as never);
    },
  }) as Plugin;
}

const boot = async (config: GatewayConfig): Promise<void> => {
  gateway = await createGateway(config, { logger: silentLogger });
};

test('a gateway without services is live and ready', async () => {
  await boot({});
  expect(await ask('/health')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await ask('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await ask('/health/ready')).toEqual({ status: 200, body: { status: 'ready', services: {} } });
});

test('a service that cannot be reached is named, and only what `needs` names makes the gateway unready', async () => {
  const gone = store({ epoch: () => Promise.reject(new GatewayError('GW_STORE_UNAVAILABLE', 'gone')) });
  const services = { store: 'unavailable' };
  await boot({ plugins: [{ use: gone }] });
  expect(await ask('/health/ready')).toEqual({ status: 200, body: { status: 'ready', services } });
  await gateway?.close();
  await boot({ plugins: [{ use: gone }], health: { needs: ['store'] } });
  const body = { status: 'unavailable', reason: 'Not reached: store.', services };
  expect(await ask('/health/ready')).toEqual({ status: 503, body });
});

test('a service that does not answer counts as not reached, and is asked once, however many ask', async () => {
  let asked = 0;
  const silent = store({ epoch: () => new Promise<number>(() => void asked++) });
  await boot({ plugins: [{ use: silent }], health: { needs: ['store'] } });
  const told = await Promise.all(Array.from({ length: 20 }, () => ask('/health/ready')));
  expect(new Set(told.map(({ status }) => status))).toEqual(new Set([503]));
  expect(asked).toBe(1);
});

test('can be switched off', async () => {
  await boot({ health: { serve: false } });
  expect((await ask('/health/live')).status).toBe(404);
});

test('other methods are told which one is served', async () => {
  await boot({});
  const reply = await gateway?.inject({ method: 'POST', url: '/health/ready' });
  expect(reply?.statusCode).toBe(405);
  expect(reply?.headers['allow']).toBe('GET');
});

test('while it drains it is not ready, and lives', async () => {
  await boot({});
  const closed = gateway?.close();
  expect(await ask('/health/ready')).toEqual({
    status: 503,
    body: { status: 'draining', reason: 'The gateway is stopping and takes no new requests.' },
  });
  expect((await ask('/health/live')).status).toBe(200);
  await closed;
});
