/** What is under way: counted up, and down again however it ended. */
import type { Attempt, Exchange } from '@gatewright/core';
import { expect, test } from 'vitest';
import { asked, chain, ids, seeded, target, targets } from '../rig.test.kit.ts';
import { LeastBusy } from '../strategies/least-busy.ts';
import { Busy } from './busy.ts';

interface Course {
  readonly exchange: Exchange;
  /** An attempt that asks to be made; `made` is whether it was, or was refused. */
  begin(id: string, made?: boolean): Attempt;
}

function course(busy: Busy, id = 'gw_1'): Course {
  const attempts: Attempt[] = [];
  const exchange = { id, attempts } as unknown as Exchange;
  return {
    exchange,
    begin(to, made = true) {
      const attempt = { exchange, target: target(to) } as Attempt;
      busy.begin(attempt);
      if (made) attempts.push(attempt);
      return attempt;
    },
  };
}

test('what has begun counts until it has ended, once', () => {
  const busy = new Busy();
  const attempt = course(busy).begin('p/1');
  expect(busy.of('p/1')).toBe(1);
  busy.end(attempt);
  busy.end(attempt);
  expect(busy.of('p/1')).toBe(0);
});

test('an attempt that was refused counts until the next one of its exchange', () => {
  const busy = new Busy();
  const { begin } = course(busy);
  begin('p/1', false);
  expect(busy.of('p/1')).toBe(1);
  const next = begin('p/2');
  expect([busy.of('p/1'), busy.of('p/2')]).toEqual([0, 1]);
  busy.end(next);
  expect(busy.of('p/2')).toBe(0);
});

test('or until the exchange is over', () => {
  const busy = new Busy();
  course(busy, 'gw_1').begin('p/1', false);
  course(busy, 'gw_2').begin('p/1');
  busy.over('gw_1');
  expect(busy.of('p/1')).toBe(1);
  busy.over('gw_1');
  busy.over('gw_3');
  expect(busy.of('p/1')).toBe(1);
});

test('an attempt that is only explained does not count', () => {
  const busy = new Busy();
  const exchange = { id: 'gw_1', attempts: [], trace: { steps: [] } } as unknown as Exchange;
  busy.begin({ exchange, target: target('p/1') } as Attempt);
  expect(busy.of('p/1')).toBe(0);
});

test('two at once, a hedge, both count', () => {
  const busy = new Busy();
  const { begin } = course(busy);
  const [first, second] = [begin('p/1'), begin('p/2')];
  expect([busy.of('p/1'), busy.of('p/2')]).toEqual([1, 1]);
  busy.end(first);
  expect([busy.of('p/1'), busy.of('p/2')]).toEqual([0, 1]);
  busy.end(second);
  expect(busy.of('p/2')).toBe(0);
});

test('whatever happens in whatever order, nothing is left in the end', () => {
  const random = seeded(5);
  const busy = new Busy();
  const courses = Array.from({ length: 50 }, (_, index) => course(busy, `gw_${index}`));
  const open: Attempt[] = [];
  for (let step = 0; step < 5000; step++) {
    const one = courses[Math.floor(random() * courses.length)] as Course;
    if (random() < 0.6) open.push(one.begin(`p/${1 + Math.floor(random() * 5)}`, random() < 0.7));
    else if (open.length > 0) busy.end(open.splice(Math.floor(random() * open.length), 1)[0] as Attempt);
  }
  for (const { exchange } of courses) busy.over(exchange.id);
  expect(targets(5).map(({ id }) => busy.of(id))).toEqual([0, 0, 0, 0, 0]);
});

test('least busy: the fewest under way for the weight, and ties as they come', () => {
  const busy = new Busy();
  const strategy = new LeastBusy(busy);
  const list = targets(4, (number) => ({ weight: [1, 2, 1, 0][number - 1] as number }));
  expect(chain(strategy).order(list.slice(0, 3), asked())).toEqual(list.slice(0, 3));
  for (const [index, id] of ['p/1', 'p/2', 'p/3', 'p/3'].entries()) course(busy, `gw_${index}`).begin(id);
  expect(ids(chain(strategy).order(list, asked()))).toEqual(['p/2', 'p/1', 'p/3', 'p/4']);
  expect(list.map((one) => strategy.reason(one))).toEqual([
    '1 under way',
    '1 under way, weight 2',
    '2 under way',
    '0 under way, weight 0',
  ]);
});

test('least busy shares out requests of very different length evenly', () => {
  const busy = new Busy();
  const strategy = new LeastBusy(busy);
  const random = seeded(9);
  const ends: { readonly at: number; readonly attempt: Attempt }[] = [];
  let most = 0;
  for (let now = 0; now < 3000; now++) {
    for (const done of ends.filter(({ at }) => at <= now)) busy.end(done.attempt);
    ends.splice(0, ends.length, ...ends.filter(({ at }) => at > now));
    const [first] = chain(strategy).order(targets(4), asked());
    const attempt = course(busy, `gw_${now}`).begin(first?.id as string);
    ends.push({ at: now + 1 + Math.floor(random() ** 4 * 400), attempt });
    const counts = targets(4).map(({ id }) => busy.of(id));
    most = Math.max(most, Math.max(...counts) - Math.min(...counts));
  }
  // A burst of ends can leave one target behind, never for long.
  expect(most).toBeLessThanOrEqual(12);
});
