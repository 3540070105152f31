/** Exchanges under way are counted and listed until they end, in whatever order they end. */
import { expect, test } from 'vitest';
import type { LiveExchange } from './live-exchange.ts';
import { UnderWay } from './under-way.ts';

const named = (id: string): LiveExchange => ({ id, place: 0 }) as Partial<LiveExchange> as LiveExchange;

test.each([['abc'], ['acb'], ['bac'], ['bca'], ['cab'], ['cba']])(
  'those that end as %s are gone, the others stay',
  (order) => {
    const underWay = new UnderWay();
    const exchanges = ['a', 'b', 'c'].map(named);
    for (const exchange of exchanges) underWay.add(exchange);
    const left = new Set(['a', 'b', 'c']);
    for (const id of order) {
      underWay.delete(exchanges.find((exchange) => exchange.id === id) as LiveExchange);
      left.delete(id);
      expect(new Set(underWay.list().map((exchange) => exchange.id))).toEqual(left);
      expect(underWay.size).toBe(left.size);
    }
  },
);

test('a list stays as it was when others come and go', () => {
  const underWay = new UnderWay();
  const [first, second] = [named('a'), named('b')];
  underWay.add(first);
  const list = underWay.list();
  underWay.add(second);
  underWay.delete(first);
  expect(list).toEqual([first]);
});
