import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Capabilities } from '../capabilities.ts';
import { deprecated } from '../deprecation.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { HookName } from '../hooks/checks.ts';
import { silentLogger } from '../logger.ts';
import { definePlugin, type SetupContext } from '../plugin.ts';
import { checkDeclared, noticeText } from './declared.ts';

const SOON = { since: '1.4.0', removed: '2027-06-30', instead: '"keys"' };

interface Booted {
  readonly gateway: Gateway;
  readonly warnings: readonly string[];
}

/** Boots a gateway of one plugin. */
async function boot(supports: Capabilities, setup: (context: SetupContext) => void, given = {}): Promise<Booted> {
  const options = z.strictObject({
    key: z.string().optional().meta(deprecated(SOON)).describe('The key.'),
    rooms: z
      .array(z.strictObject({ door: z.string().optional().describe('The door.').meta(deprecated(SOON)) }))
      .default([])
      .describe('The rooms.'),
  });
  const plugin = definePlugin({ name: 'acme', version: '1.0.0', engine: '^1', options, supports, setup });
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  const gateway = await createGateway({ plugins: [{ use: plugin, with: given }], models: {} }, { logger });
  await gateway.close();
  return { gateway, warnings };
}

const nothing = (): undefined => undefined;

describe('a plugin is refused by its name, its place and the hook', () => {
  test.each<[what: string, supports: Capabilities, setup: (context: SetupContext) => void, said: RegExp]>([
    [
      'that taps a hook which it did not declare',
      { hooks: ['auth', 'route'] },
      ({ hooks }) => hooks.log.tap(nothing),
      /"acme" \(plugins\[0\]\).*hook log wrongly: `supports\.hooks` does not name it \(it names auth, route\)/,
    ],
    [
      'that reads more than it says',
      { reads: 'bytes' },
      ({ hooks }) => hooks.transform.request.tap('chat', (request) => request),
      /hook transform\.request wrongly: `supports\.reads` says "bytes"/,
    ],
    [
      'that serves an operation which it did not declare',
      { operations: ['embeddings'] },
      ({ hooks }) => hooks.call.tap(() => Promise.reject(new Error()), { operations: { chat: { dialect: 'x' } } }),
      /hook call wrongly: `supports\.operations` does not name the operation chat/,
    ],
    [
      'that claims an operation which it does not serve',
      { operations: ['chat', 'embeddings'] },
      ({ hooks }) => hooks.transform.request.tap('chat', (request) => request),
      /"acme" \(plugins\[0\]\).*claims embeddings in `supports\.operations`/,
    ],
    [
      'that has a dialect of an operation which it did not declare',
      { operations: [] },
      ({ dialect }) => dialect({ id: 'acme-chat', operation: 'chat' } as never),
      /registers the dialect "acme-chat", but `supports\.operations` does not name the operation chat/,
    ],
  ])('%s', async (_what, supports, setup, said) => {
    await expect(boot(supports, setup)).rejects.toThrow(said);
  });
});

test('who says nothing of itself is not held to it, nor who keeps what it says', async () => {
  const tap = ({ hooks }: SetupContext): void => hooks.transform.request.tap('chat', (request) => request);
  const said: Capabilities = { hooks: ['transform.request'], operations: ['chat'], reads: 'neutral', mutates: true };
  for (const supports of [{}, said, { operations: [], operationsIfConfigured: ['chat', 'embeddings'] }]) {
    expect((await boot(supports, tap)).warnings).toEqual([]);
  }
});

test('a plugin that registers nothing is reported', async () => {
  const { warnings } = await boot({}, nothing);
  expect(warnings).toEqual([expect.stringMatching(/^Plugin "acme" \(plugins\[0\]\): has registered nothing/)]);
});

test('a provider that no target names is reported', async () => {
  const { warnings } = await boot({}, ({ hooks }) => {
    hooks.call.tap(() => Promise.reject(new Error()), { operations: {} });
  });
  expect(warnings).toEqual(['Plugin "acme" (plugins[0]): serves no model: no target names the provider "acme".']);
});

describe('what is deprecated', () => {
  const tap = ({ hooks }: SetupContext): void => hooks.log.tap(nothing);

  test('is told once for each place where it is used, with the day and what to do', async () => {
    const { warnings } = await boot({}, tap, { key: 'k', rooms: [{}, { door: 'd' }] });
    const end = 'is deprecated since 1.4.0 and will be gone on 2027-06-30; use "keys" instead.';
    expect(warnings).toEqual([
      `Plugin "acme" (plugins[0].with.key): the option "key" ${end}`,
      `Plugin "acme" (plugins[0].with.rooms[1].door): the option "rooms[1].door" ${end}`,
    ]);
  });

  test('is not told where it is not used', async () => {
    expect((await boot({}, tap, { rooms: [{}] })).warnings).toEqual([]);
  });

  test('may be said by the plugin itself', async () => {
    const { warnings, gateway } = await boot({}, (context) => {
      tap(context);
      context.deprecate('the form "flat"', SOON);
    });
    expect(warnings).toEqual([expect.stringContaining('the form "flat" is deprecated since 1.4.0')]);
    expect(gateway.kernel.notices).toMatchObject([{ plugin: 'acme', position: { path: 'plugins[0]' } }]);
  });

  test('may be a hook', async () => {
    const { gateway } = await boot({}, tap);
    const { config, hooks, dialects, owners } = gateway.kernel;
    const [plugin] = config.plugins;
    const boots = { hooks, registrations: { dialects, owners } } as never;
    const of = (hook: HookName): string[] =>
      checkDeclared(plugin as never, boots, false, new Map([[hook, SOON]])).map(noticeText);
    expect(of('log')).toEqual([expect.stringMatching(/the hook log, which it taps, is deprecated .* use "keys"/)]);
    expect(of('auth')).toEqual([]);
  });

  test('has a day', () => {
    expect(() => deprecated({ ...SOON, removed: 'soon' })).toThrow('"soon" is no day');
    expect(() => deprecated({ ...SOON, removed: '2027-13-01' })).toThrow('is no day');
  });
});
