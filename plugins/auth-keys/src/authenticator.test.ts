/** A key that is remembered costs microseconds and no promise, and what is remembered is bounded. */
import { silentLogger, systemClock, type Exchange, type Store } from '@gatewright/core';
import { expect, test } from 'vitest';
import { Authenticator } from './authenticator.ts';
import { options } from './options.ts';
import { hashOf } from './records/secret.ts';

/** A store with a key for every secret that ends in a digit, and counts of what it was asked. */
function endless(): { store: Store; reads: () => number; atOnce: () => number } {
  let reads = 0;
  let running = 0;
  let most = 0;
  const store: Partial<Store> = {
    changes: () => Promise.resolve({ changes: [], last: 0 }),
    onChange: () => () => undefined,
    async find(_kind, query) {
      reads++;
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => setImmediate(resolve));
      running--;
      const hash = query?.where?.['hash'] ?? '';
      const value = { hash, shown: 'sk-...', rotations: 0, limits: [{ unit: 'requests', limit: 5 }], models: ['a*'] };
      const record = { kind: 'key', id: hash.slice(0, 16), version: 1, value: value as never, created: 0, updated: 0 };
      return { records: known.has(hash) ? [record] : [] };
    },
  };
  return { store: store as Store, reads: () => reads, atOnce: () => most };
}

const known = new Set(Array.from({ length: 1000 }, (_, n) => hashOf(secretOf(n))));
function secretOf(n: number): string {
  return `sk-0123456789abcdef-${n}`;
}
const exchange = (credential: string): Exchange => ({ credential, headers: {} }) as Partial<Exchange> as Exchange;

async function started(store: Store, over: object = {}): Promise<Authenticator> {
  const authenticator = new Authenticator(options.parse(over), store, systemClock, silentLogger);
  await authenticator.follower.start();
  return authenticator;
}

test('a key that is remembered is answered for at once, in under 5 µs', async () => {
  const { store, reads } = endless();
  const authenticator = await started(store);
  const exchanges = Array.from({ length: 1000 }, (_, n) => exchange(secretOf(n)));
  for (const one of exchanges) await authenticator.identify(one);
  let best = Infinity;
  for (let batch = 0; batch < 20; batch++) {
    const start = performance.now();
    for (const one of exchanges) if (authenticator.identify(one) instanceof Promise) expect.unreachable();
    best = Math.min(best, (performance.now() - start) / exchanges.length);
  }
  authenticator.follower.stop();
  expect(reads()).toBe(1000);
  expect(best * 1000).toBeLessThan(5);
});

test('a flood of keys that nobody has pushes no key out, and reads only so much at once', async () => {
  const { store, reads, atOnce } = endless();
  const authenticator = await started(store, {
    cache: { keys: 100, unknown: 100 },
    reads: { atOnce: 4, waiting: 10_000 },
  });
  await authenticator.identify(exchange(secretOf(1)));
  const flood = Array.from({ length: 5000 }, (_, n) =>
    Promise.resolve(authenticator.identify(exchange(`sk-flood-${n}`))),
  );
  expect(new Set(await Promise.all(flood))).toEqual(new Set([undefined]));
  expect([reads(), atOnce()]).toEqual([5001, 4]);
  expect(authenticator.identify(exchange(secretOf(1)))).toMatchObject({ key: hashOf(secretOf(1)).slice(0, 16) });
  authenticator.follower.stop();
});

test('when too many keys are being looked up, the next is refused with 503, and remembered ones are not', async () => {
  const { store } = endless();
  const authenticator = await started(store, { reads: { atOnce: 1, waiting: 2 } });
  await authenticator.identify(exchange(secretOf(1)));
  const asked = Array.from({ length: 5 }, (_, n) => Promise.resolve(authenticator.identify(exchange(`sk-flood-${n}`))));
  const answers = await Promise.allSettled(asked);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(answers[4]).toMatchObject({ reason: { code: 'GW_STORE_UNAVAILABLE', status: 503 } });
  expect(authenticator.identify(exchange(secretOf(1)))).not.toBeInstanceOf(Promise);
  authenticator.follower.stop();
});
