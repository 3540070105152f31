import { expect, test } from 'vitest';
import type { NormalModel, NormalTarget } from '../config/normal.ts';
import type { GatewayError } from '../errors.ts';
import { ModelTable } from './models.ts';

const target = (model: string, weight = 1): NormalTarget => ({
  provider: 'p',
  model,
  weight,
  retries: 0,
  timeouts: { connect: 1, headers: 1, idle: 1, total: 1 },
  unsupported: 'refuse',
  reports: 'upstream',
  rescue: 'error',
  onClientGone: 'cancel',
  keepAlive: 0,
  position: { path: 'x' },
});

const model = (name: string, targets: NormalTarget[], fallbacks: string[] = []): NormalModel => ({
  name,
  aliases: [],
  targets,
  fallbacks,
  position: { path: 'x' },
});

const everyone = { key: 'k' };
const ids = (table: ModelTable, name: string, random: () => number, identity = everyone): string[] =>
  table.route(name, identity, random).targets.map((one) => one.id);

test('weights decide how often a target comes first', () => {
  const table = new ModelTable([model('m', [target('heavy', 3), target('light', 1)])], 0);
  const firsts = Array.from({ length: 100 }, (_, index) => ids(table, 'm', () => index / 100)[0]);
  expect(firsts.filter((id) => id === 'p/heavy')).toHaveLength(75);
});

test('every target is in the route once, whatever the dice say; weight 0 comes last', () => {
  const table = new ModelTable([model('m', [target('spare', 0), target('a'), target('b')])], 0);
  for (const dice of [0, 0.3, 0.6, 0.999]) {
    const route = ids(table, 'm', () => dice);
    expect([...route].sort()).toEqual(['p/a', 'p/b', 'p/spare']);
    expect(route.at(-1)).toBe('p/spare');
  }
});

test('fallbacks follow in order, theirs behind them, each once, even in a circle', () => {
  const table = new ModelTable(
    [
      model('a', [target('a')], ['b', 'c']),
      model('b', [target('b')], ['d', 'a']),
      model('c', [target('c')]),
      model('d', [target('d')]),
    ],
    0,
  );
  expect(ids(table, 'a', () => 0)).toEqual(['p/a', 'p/b', 'p/c', 'p/d']);
});

test('a fallback that the identity may not use is not a way around', () => {
  const table = new ModelTable([model('cheap', [target('a')], ['dear']), model('dear', [target('b')])], 0);
  const identity = { key: 'k', models: ['cheap'] };
  expect(ids(table, 'cheap', () => 0, identity)).toEqual(['p/a']);
  expect(() => table.route('dear', identity, () => 0)).toThrow('This key may not use the model "dear".');
});

test('an unknown model is named with a near match, but never one that the identity cannot see', () => {
  const table = new ModelTable([model('gpt-5', [target('a')]), model('secret-model', [target('b')])], 0);
  expect(() => table.route('gpt5', everyone, () => 0)).toThrow('Did you mean "gpt-5"?');
  try {
    table.route('secret-mode', { key: 'k', models: ['gpt*'] }, () => 0);
    expect.unreachable();
  } catch (error) {
    expect((error as GatewayError).code).toBe('GW_UNKNOWN_MODEL');
    expect((error as GatewayError).message).not.toContain('secret-model');
  }
});

test('a model is found by name, alias and pattern, and only where it may be used', () => {
  const smart = { ...model('smart', [target('a')]), aliases: ['clever'] };
  const table = new ModelTable([smart, model('acme/*', [target('*')])], 1);
  const entry = { created: 1, ownedBy: 'gatewright' };
  for (const id of ['smart', 'clever', 'acme/x']) expect(table.entry(id, everyone)).toEqual({ id, ...entry });
  expect(table.find('acme/x')?.targets[0]?.model).toBe('x');
  expect(() => table.entry('other', everyone)).toThrow('"other" is not configured');
  expect(() => table.entry('acme/x', { key: 'k', models: ['smart'] })).toThrow('"acme/x" is not configured');
});

test('the list shows what an identity may use', () => {
  const table = new ModelTable([model('a', [target('a')]), model('b', [target('b')])], 1_700_000_000);
  expect(table.visibleTo({ key: 'k', models: ['b'] })).toEqual([
    { id: 'b', created: 1_700_000_000, ownedBy: 'gatewright' },
  ]);
});

test('a group lets in whoever may use it, and no pattern stands for one', () => {
  const grouped = (name: string, groups: readonly string[], fallbacks: string[] = []): NormalModel => {
    return { ...model(name, [target(name)], fallbacks), groups };
  };
  const table = new ModelTable(
    [grouped('a', ['gold', 'eu'], ['b', 'c']), grouped('b', ['eu']), grouped('c', ['gold'])],
    0,
  );
  const routeOf = (name: string, models: string[]): string[] =>
    ids(table, name, () => 0, { key: 'k', models } as never);
  expect(routeOf('a', ['@gold'])).toEqual(['p/a', 'p/c']);
  expect(routeOf('a', ['a', '@eu'])).toEqual(['p/a', 'p/b']);
  expect(table.visibleTo({ key: 'k', models: ['@eu'] }).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(table.entry('c', { key: 'k', models: ['@gold'] }).id).toBe('c');
  for (const models of [['@silver'], ['@g*'], ['@'], ['gold'], ['@*']]) {
    expect(() => routeOf('a', models), models.join()).toThrow('may not use the model "a"');
    expect(() => table.entry('a', { key: 'k', models })).toThrow('is not configured');
  }
});

test('the shares hold for a hundred targets of different weight', () => {
  const many = Array.from({ length: 100 }, (_, index) => target(`t${index}`, index % 10));
  const table = new ModelTable([model('m', many)], 0);
  const seen = new Map<string, number>();
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 4500; round++) {
    const order = ids(table, 'm', random);
    expect(new Set(order).size).toBe(100);
    expect(order.slice(-10).every((id) => id.endsWith('0'))).toBe(true);
    seen.set(order[0] as string, (seen.get(order[0] as string) ?? 0) + 1);
  }
  // Expected is ten times the weight; chi-square over 90 targets, with four deviations of it to spare.
  const chi = many.reduce((sum, { model: name, weight }) => {
    return weight === 0 ? sum : sum + ((seen.get(`p/${name}`) ?? 0) - weight * 10) ** 2 / (weight * 10);
  }, 0);
  expect(chi).toBeLessThan(90 + 4 * Math.sqrt(180));
});
