/** Who made what: whose it is, and how much is remembered. */
import { expect, test } from 'vitest';
import { MemoryBindings, tenantOf, type Binding } from './bindings.ts';

const made = (model: string): Binding => ({ provider: 'p', target: `p/${model}`, model, operation: 'chat' });

test('a thing is found by whoever it belongs to, until it is gone', () => {
  const bindings = new MemoryBindings();
  bindings.bind('team:a', 'x_1', made('m'));
  expect(bindings.find('team:a', 'x_1')).toEqual(made('m'));
  expect(bindings.find('team:b', 'x_1')).toBeUndefined();
  bindings.release('team:b', 'x_1');
  expect(bindings.find('team:a', 'x_1')).toBeDefined();
  bindings.release('team:a', 'x_1');
  expect(bindings.find('team:a', 'x_1')).toBeUndefined();
});

test('no tenant and id look like another pair', () => {
  const bindings = new MemoryBindings();
  bindings.bind('team:a', 'b', made('m'));
  expect(bindings.find('team:', 'ab')).toBeUndefined();
  expect(bindings.find('team:ab', '')).toBeUndefined();
});

test('the oldest are forgotten where there are too many', () => {
  const bindings = new MemoryBindings(2);
  for (const id of ['1', '2', '1', '3']) bindings.bind('t', id, made(id));
  expect(['1', '2', '3'].map((id) => bindings.find('t', id)?.model)).toEqual(['1', undefined, '3']);
});

test.each([
  [{ key: 'k', user: 'u', team: 't' }, 'team:t'],
  [{ key: 'k', user: 'u' }, 'user:u'],
  [{ key: 'k' }, 'key:k'],
])('%j is the tenant %s', (identity, tenant) => {
  expect(tenantOf(identity)).toBe(tenant);
});
