import { expect, test } from 'vitest';
import { orderTaps, type OrderProblem } from './order.ts';
import type { TapSpec } from './tap.ts';

const tap = (id: string, options: Partial<TapSpec> = {}): TapSpec => ({
  hook: 'auth',
  plugin: { id, where: 'gatewright.yaml:3:5' },
  fn: () => undefined,
  stage: 'normal',
  before: [],
  after: [],
  operations: undefined,
  timeout: 0,
  ...options,
});

function order(...taps: TapSpec[]): { ids: string[]; problems: string[] } {
  const problems: OrderProblem[] = [];
  const ids = new Set([...taps.map((one) => one.plugin.id), 'untapped']);
  const ordered = orderTaps(taps, ids, problems);
  return { ids: ordered.map((one) => one.plugin.id), problems: problems.map((problem) => problem.message) };
}

test('config order holds inside a band, and bands come before it', () => {
  const ordered = order(tap('a'), tap('z', { stage: 'late' }), tap('b'), tap('first', { stage: 'early' }));
  expect(ordered).toEqual({ ids: ['first', 'a', 'b', 'z'], problems: [] });
});

test('before and after move a tap inside its band, and only as far as they must', () => {
  expect(order(tap('a'), tap('b'), tap('c', { before: ['a'] })).ids).toEqual(['b', 'c', 'a']);
  expect(order(tap('a', { after: ['c'] }), tap('b'), tap('c')).ids).toEqual(['b', 'c', 'a']);
});

test('an unknown id is a problem that names who wished what', () => {
  expect(order(tap('a', { before: ['typo'] })).problems).toEqual([
    'Plugin "a" (gatewright.yaml:3:5) wants its tap of hook auth to run before "typo", but there is no plugin of that id. There are: a, untapped.',
  ]);
});

test('a wish about another band, or a plugin without a tap here, is a problem', () => {
  const late = order(tap('a', { after: ['b'] }), tap('b', { stage: 'late' }));
  expect(late.problems).toEqual([
    'Plugin "a" (gatewright.yaml:3:5) wants its tap of hook auth to run after "b", but that runs in the stage "late", not "normal".',
  ]);
  expect(order(tap('a', { after: ['untapped'] })).problems[0]).toContain('but that plugin has no tap of this hook.');
});

test('wishes in a circle are a problem that names everyone in it', () => {
  const circle = order(tap('a', { before: ['b'] }), tap('b', { before: ['a'] }), tap('c'));
  expect(circle.problems).toEqual(['The before/after wishes of "a", "b" for hook auth contradict each other.']);
  expect(circle.ids).toHaveLength(3);
});
