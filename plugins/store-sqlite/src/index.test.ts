/** The plugin keeps the contract. */
import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGateway,
  isPlugin,
  silentLogger,
  systemClock,
  type Plugin,
  type SetupContext,
  type Store,
} from '@gatewright/core';
import { expect, test } from 'vitest';
import plugin from './index.ts';

test('the package default-exports a plugin that says its own name and version', () => {
  const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version]).toEqual([pkg['name'], pkg['version']]);
});

test('setup provides the store that it declares, open, and gives it back on close', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-sqlite-'));
  const provided = new Map<string, unknown>();
  let close: (() => Promise<void>) | undefined;
  let ready: (() => Promise<void>) | undefined;
  const context = {
    provide: (name: string, service: unknown) => provided.set(name, service),
    share: <T>(_key: string, open: () => T, shut: (value: T) => Promise<void>): T => {
      const value = open();
      close = () => shut(value);
      return value;
    },
    clock: systemClock,
    onReady: (task: () => Promise<void>) => (ready = task),
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse({ path: join(folder, 'records.db') }));
  expect([...provided.keys()]).toEqual(plugin.provides);
  await ready?.();
  const store = provided.get('store') as Store;
  await store.write([{ kind: 'team', id: 'a', value: 1 }]);
  expect((await store.get('team', 'a'))?.version).toBe(1);
  await close?.();
  rmSync(folder, { recursive: true });
});

test('a file that is no database keeps the gateway from starting, and is named', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'gatewright-sqlite-')), 'letter.db');
  writeFileSync(path, 'Dear Ada, this is not a database. '.repeat(100));
  const booting = createGateway({ plugins: [{ use: plugin as Plugin, with: { path } }] }, { logger: silentLogger });
  await expect(booting).rejects.toThrow(/"store-sqlite" \(.*\) did not become ready: .*letter\.db failed: file is not/);
});

test.each([{ path: '' }, { file: 'x' }, { path: 7 }])('options %j are refused', (options) => {
  expect(plugin.options.safeParse(options).success).toBe(false);
});
