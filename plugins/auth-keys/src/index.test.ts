/** The plugin keeps the contract of plugins. */
import { readFileSync } from 'node:fs';
import { isPlugin, systemClock, type SetupContext } from '@gatewright/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import plugin from './index.ts';
import { openSqlite } from './stores.test.kit.ts';

interface Schema {
  readonly description?: string;
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly secret?: boolean;
}

test('is a plugin with the name and version of its package', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  expect(isPlugin(plugin)).toBe(true);
  expect([plugin.name, plugin.version, plugin.engine, plugin.uses, plugin.provides]).toEqual([
    name,
    version,
    '^1',
    ['store'],
    ['keys'],
  ]);
});

test('describes every option, takes no others, and hides the admin’s key', () => {
  const check = (schema: Schema): void => {
    for (const [name, option] of Object.entries(schema.properties ?? {})) {
      expect(option.description ?? '', name).toMatch(/^.{20,}\.$/);
      check(option);
    }
    if (schema.properties !== undefined) expect(schema.additionalProperties).toBe(false);
  };
  const schema = z.toJSONSchema(plugin.options, { io: 'input' }) as unknown as Schema;
  check(schema);
  expect(schema.properties?.['adminKey']?.secret).toBe(true);
});

test.each<[string, object, string]>([
  ['a short admin key', { adminKey: 'hunter2' }, 'adminKey'],
  ['an admin key with a space', { adminKey: 'sk-0123456789 abcdef' }, 'adminKey'],
  ['a header in capitals', { headers: ['X-Key'] }, 'headers.0'],
  ['no length of time', { stale: { serve: 'long' } }, 'stale.serve'],
  ['a policy that there is not', { stale: 'always' }, 'stale'],
  ['a cache for nothing', { cache: { keys: 1 } }, 'cache.keys'],
])('refuses %s at its place', (_what, options, path) => {
  const { error } = plugin.options.safeParse(options);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  expect(JSON.stringify(error?.issues)).not.toContain('hunter2');
});

test('taps auth, and the route only where bodies may name end users', async () => {
  const opened = await openSqlite();
  const tapped = async (body: string[]): Promise<string[]> => {
    const taps: string[] = [];
    const point = (name: string): object => ({ tap: () => void taps.push(name) });
    const context = {
      hooks: { auth: point('auth'), route: point('route') },
      use: () => opened.store,
      provide: (name: string) => void taps.push(`service ${name}`),
      clock: systemClock,
      onReady: () => taps.push('ready'),
      onDispose: () => taps.push('dispose'),
    };
    await plugin.setup(context as unknown as SetupContext, plugin.options.parse({ endUser: { body } }));
    return taps;
  };
  const always = ['service keys', 'ready', 'dispose'];
  expect(await tapped([])).toEqual(['auth', ...always]);
  expect(await tapped(['user'])).toEqual(['auth', 'route', ...always]);
  await opened.close();
});
