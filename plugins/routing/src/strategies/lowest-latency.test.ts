/** The fastest first; what is about as fast shares by weight; what nobody knows is tried. */
import { ManualClock } from '@gatewright/testkit';
import { expect, test } from 'vitest';
import { asked, bound, chain, chiSquare, failure, ids, outcome, seeded, shuffled, targets } from '../rig.test.kit.ts';
import { Latencies } from '../signals/latencies.ts';
import { LowestLatency } from './lowest-latency.ts';

const HALF = 60_000;

function rig(known: Readonly<Record<string, number>> = {}, tolerance = 0.1) {
  const clock = new ManualClock();
  const latencies = new Latencies(HALF, 'first-token');
  const strategy = new LowestLatency(latencies, tolerance, clock);
  const learn = (id: string, ms: number): void =>
    latencies.learn(id, outcome({ timeToFirstToken: ms }), clock.monotonic());
  for (const [id, ms] of Object.entries(known)) learn(id, ms);
  return { clock, latencies, strategy, learn, stream: asked({ stream: true }) };
}

test('the fastest first, the others by their times', () => {
  const { strategy, stream } = rig({ 'p/1': 300, 'p/2': 100, 'p/3': 200 });
  const random = seeded(1);
  for (let round = 0; round < 10; round++) {
    expect(ids(chain(strategy).order(shuffled(targets(3), random), stream))).toEqual(['p/2', 'p/3', 'p/1']);
  }
  expect(strategy.reason(targets(1)[0] as never, stream)).toBe('300 ms');
});

test('those that are about as fast as the fastest keep the order of chance', () => {
  const { strategy, stream } = rig({ 'p/1': 109, 'p/2': 100, 'p/3': 112 });
  const random = seeded(2);
  const firsts = new Map<string, number>();
  for (let round = 0; round < 2000; round++) {
    const order = ids(chain(strategy).order(shuffled(targets(3), random), stream));
    expect(order[2]).toBe('p/3');
    firsts.set(order[0] as string, (firsts.get(order[0] as string) ?? 0) + 1);
  }
  const counts = ['p/1', 'p/2'].map((id) => firsts.get(id) ?? 0);
  expect(chiSquare(counts, [1000, 1000])).toBeLessThan(bound(2));
});

test('one that nobody knows is first for one request, and last until that has told', () => {
  const { strategy, stream, learn, clock } = rig({ 'p/1': 100, 'p/2': 200 });
  expect(ids(chain(strategy).order(targets(3), stream))).toEqual(['p/3', 'p/1', 'p/2']);
  expect(ids(chain(strategy).order(targets(3), stream))).toEqual(['p/1', 'p/2', 'p/3']);
  learn('p/3', 20);
  expect(ids(chain(strategy).order(targets(3), stream))).toEqual(['p/3', 'p/1', 'p/2']);
  clock.advance(1);
  expect(ids(chain(strategy).order(targets(3), stream))).toEqual(['p/3', 'p/1', 'p/2']);
});

test('a try that never tells is made again after a while', () => {
  const { strategy, stream, clock } = rig({ 'p/1': 100 });
  expect(chain(strategy).order(targets(2), stream)[0]?.id).toBe('p/2');
  clock.advance(9999);
  expect(chain(strategy).order(targets(2), stream)[0]?.id).toBe('p/1');
  clock.advance(1);
  expect(chain(strategy).order(targets(2), stream)[0]?.id).toBe('p/2');
});

test('where nobody is known, each request tries another', () => {
  const { strategy, stream } = rig();
  const firsts = Array.from({ length: 3 }, () => chain(strategy).order(targets(3), stream)[0]?.id);
  expect(new Set(firsts)).toEqual(new Set(['p/1', 'p/2', 'p/3']));
});

test('what was slow is tried again when that is forgotten', () => {
  const { strategy, stream, learn, clock } = rig({ 'p/1': 100, 'p/2': 900 });
  clock.advance(5 * HALF - 1);
  learn('p/1', 100);
  expect(chain(strategy).order(targets(2), stream)[0]?.id).toBe('p/1');
  clock.advance(1);
  expect(chain(strategy).order(targets(2), stream)[0]?.id).toBe('p/2');
});

test('one that fails fast is not the fastest', () => {
  const { strategy, stream, latencies } = rig({ 'p/1': 500 });
  latencies.learn('p/2', failure('GW_UPSTREAM_ERROR', 500, 1), 0);
  expect(chain(strategy).order(targets(2), stream)[0]?.id).toBe('p/1');
});

test('a request that is explained tries nobody', () => {
  const { strategy, stream } = rig({ 'p/1': 100 });
  const explained = asked({ stream: true, trace: { steps: [] } });
  expect(chain(strategy).order(targets(2), explained)[0]?.id).toBe('p/2');
  expect(chain(strategy).order(targets(2), stream)[0]?.id).toBe('p/2');
});

test('a target without weight is neither tried nor first', () => {
  const { strategy, stream } = rig({ 'p/1': 100 });
  const list = targets(3, (number) => ({ weight: number === 1 ? 1 : 0 }));
  expect(chain(strategy).order(list, stream)[0]?.id).toBe('p/1');
});
