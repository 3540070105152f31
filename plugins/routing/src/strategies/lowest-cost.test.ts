/** The cheapest for the size of the request; what was reckoned is used for a minute. */
import type { Prices, Target } from '@gatewright/core';
import { ManualClock } from '@gatewright/testkit';
import { expect, test } from 'vitest';
import { asked, chain, ids, seeded, shuffled, target, targets } from '../rig.test.kit.ts';
import { LowestCost } from './lowest-cost.ts';

/** Nano-dollars per token of input and output; absent: no price. */
type Rates = Readonly<Record<string, readonly [input: number, output: number]>>;

function rig(rates: { current: Rates }): { strategy: LowestCost; clock: ManualClock; asked: string[] } {
  const clock = new ManualClock(0);
  const reckoned: string[] = [];
  const bound = ({ id }: Target, tokens: { input: number; output: number }): bigint | undefined => {
    reckoned.push(id);
    const rate = rates.current[id];
    return rate === undefined ? undefined : BigInt(rate[0] * tokens.input + rate[1] * tokens.output);
  };
  return { strategy: new LowestCost({ bound } as unknown as Prices, clock), clock, asked: reckoned };
}

test('the cheapest first, and what has no price last', () => {
  const { strategy } = rig({ current: { 'p/1': [30, 60], 'p/3': [1, 2], 'p/4': [2, 3] } });
  const random = seeded(1);
  for (let round = 0; round < 10; round++) {
    expect(ids(chain(strategy).order(shuffled(targets(4), random), asked()))).toEqual(['p/3', 'p/4', 'p/1', 'p/2']);
  }
});

test('it depends on the size of the request: cheap input for long prompts, cheap output for long answers', () => {
  const { strategy } = rig({ current: { 'p/1': [1, 100], 'p/2': [10, 20] } });
  expect(ids(chain(strategy).order(targets(2), asked({ bytes: 400_000, maxOutput: 10 })))).toEqual(['p/1', 'p/2']);
  expect(ids(chain(strategy).order(targets(2), asked({ bytes: 400, maxOutput: 10_000 })))).toEqual(['p/2', 'p/1']);
});

test('equal prices keep the order of chance', () => {
  const { strategy } = rig({ current: { 'p/1': [1, 1], 'p/2': [1, 1] } });
  const list = targets(2).toReversed();
  expect(chain(strategy).order(list, asked())).toBe(list);
});

test('what was reckoned for about the same size is used again, and a price that changes is seen within a minute', () => {
  const rates = { current: { 'p/1': [1, 1], 'p/2': [2, 2] } as Rates };
  const { strategy, clock, asked: reckoned } = rig(rates);
  const list = targets(2);
  chain(strategy).order(list, asked({ bytes: 4000 }));
  chain(strategy).order(list, asked({ bytes: 3900 }));
  expect(reckoned).toEqual(['p/1', 'p/2']);
  rates.current = { 'p/1': [5, 5], 'p/2': [2, 2] };
  clock.advance(59_999);
  expect(ids(chain(strategy).order(list, asked({ bytes: 4000 })))).toEqual(['p/1', 'p/2']);
  clock.advance(1);
  expect(ids(chain(strategy).order(list, asked({ bytes: 4000 })))).toEqual(['p/2', 'p/1']);
});

test('says what it would cost, in dollars', () => {
  const { strategy } = rig({ current: { 'p/1': [1_000_000, 2_000_000] } });
  const request = asked({ bytes: 4000, maxOutput: 1000 });
  expect(strategy.reason(target('p/1'), request)).toBe('at most $3.072 for 1024 + 1024 tokens');
  expect(strategy.reason(target('p/2'), request)).toBe('no price');
});
