import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import type { Exchange } from '../exchange.ts';
import { undeclaredOperation, undeclaredTap } from './declared.ts';
import { HookRegistry } from './registry.ts';

const exchange = { trace: undefined } as Exchange;

test('nothing is held against who says nothing', () => {
  expect(undeclaredTap(undefined, 'log')).toBeUndefined();
  expect(undeclaredTap({}, 'transform.event')).toBeUndefined();
  expect(undeclaredOperation({}, 'chat')).toBeUndefined();
});

test('who says that it taps nothing may tap nothing', () => {
  expect(undeclaredTap({ hooks: [] }, 'log')).toContain('it names none');
});

test('operations may depend on options', () => {
  const supports = { operations: ['chat'], operationsIfConfigured: ['images'] };
  expect(undeclaredOperation(supports, 'images')).toBeUndefined();
  expect(undeclaredOperation(supports, 'speech')).toContain('speech');
});

test.each([
  [{ mutates: false }, true],
  [{ mutates: true }, false],
  [{}, false],
])('a tap of a plugin that says %o gives back something else: refused %s', async (supports, refused) => {
  const hooks = new HookRegistry(systemClock, 1000, () => undefined);
  const points = hooks.pointsFor({ id: 'a', where: 'here', supports });
  points.transform.request.tap('chat', (request) => Object.assign({}, request));
  hooks.seal(new Set(['a']));
  const run = async (): Promise<unknown> => hooks.of('chat').request?.run({ model: 'm' }, exchange);
  if (refused) await expect(run()).rejects.toThrow('expected what it was given itself, for it says `mutates: false`');
  else expect(await run()).toEqual({ model: 'm' });
});
