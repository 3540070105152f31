/** The meter knows which budgets an attempt is under, also where the targets of one model are asked in turn. */
import { silentLogger, type Attempt, type Exchange, type Prices } from '@gatewright/core';
import { expect, test } from 'vitest';
import { BudgetMeter } from './meter.ts';
import { options } from './options.ts';
import { Hands } from './rig.test.kit.ts';

const prices: Prices = { cost: () => undefined, priced: () => true, bound: () => 7n };
const exchange = {
  operation: 'chat',
  model: 'smart',
  identity: Object.freeze({ key: 'a', team: 't' }),
  size: () => ({ bytes: 100, maxOutput: 10 }),
  request: () => ({ messages: [] }),
} as unknown as Exchange;

function scopesAt(meter: BudgetMeter, provider: string): string[] {
  const attempt = { number: 1, target: { id: `${provider}/m`, provider, model: 'm' } } as Attempt;
  return meter.reserve(attempt, exchange)?.claims.map(({ scope }) => scope) ?? [];
}

test.each([
  ['provider', 'provider:one', 'provider:two'],
  ['target', 'target:one/m', 'target:two/m'],
  [['team', 'provider'], 'team:t provider:one', 'team:t provider:two'],
  ['team', 'team:t', 'team:t'],
])('a budget per %s counts each of the targets of a model for what it is', (per, first, second) => {
  const meter = new BudgetMeter(options.parse({ budgets: [{ per, limit: 1 }] }), prices, new Hands(), silentLogger);
  for (const [provider, scope] of [['one', first] as const, ['two', second] as const, ['one', first] as const]) {
    expect(scopesAt(meter, provider)).toEqual([scope]);
  }
});
