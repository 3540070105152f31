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

/** A store that answers one lookup when it is told to. */
function slow(): { store: Store; answer: () => Promise<void>; waiting: () => number } {
  const waiting: (() => void)[] = [];
  const { store } = endless();
  const find: Store['find'] = async (kind, query) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return store.find(kind, query) as never;
  };
  return {
    store: { ...store, find },
    waiting: () => waiting.length,
    async answer() {
      waiting.shift()?.();
      for (let turns = 0; turns < 4; turns++) await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

const from = (remoteAddress: string, credential: string): Exchange =>
  ({ credential, headers: {}, remoteAddress }) as Partial<Exchange> as Exchange;

test('a flood from one address neither refuses nor delays the cold key of another', async () => {
  const { store, answer } = slow();
  const authenticator = await started(store, { reads: { atOnce: 2, waiting: 20, timeout: '1h' } });
  let refused = 0;
  const flood = Array.from({ length: 500 }, (_, n) =>
    Promise.resolve(authenticator.identify(from('10.6.6.6', `sk-flood-${n}`))).catch(() => refused++),
  );
  const answers: unknown[] = [];
  const good = Promise.resolve(authenticator.identify(from('10.0.0.1', secretOf(7)))).then((identity) =>
    answers.push(identity),
  );
  for (let reads = 0; reads < 6 && answers.length === 0; reads++) await answer();
  expect(answers).toMatchObject([{ key: hashOf(secretOf(7)).slice(0, 16) }]);
  await good;
  for (let reads = 0; reads < 30; reads++) await answer();
  await Promise.all(flood);
  // Two were read at once, twenty waited, and one of these made room.
  expect(refused).toBe(500 - 2 - 20 + 1);
  authenticator.follower.stop();
});

test('sources that never had a key get a part of the places and of the turns, however many they are', async () => {
  const { store, answer, waiting } = slow();
  const authenticator = await started(store, { reads: { atOnce: 1, waiting: 40, timeout: '1h' } });
  const ask = (address: string, credential: string): Promise<unknown> =>
    Promise.resolve(authenticator.identify(from(address, credential))).catch(() => 'refused');
  // A hundred addresses become known as strangers.
  for (let n = 0; n < 1000; n++) {
    const asked = ask(`10.9.9.${n % 100}`, `sk-stranger-${n}`);
    while (waiting() === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    await answer();
    await asked;
  }
  const flood = Array.from({ length: 100 }, (_, n) => ask(`10.9.9.${n}`, `sk-again-${n}`));
  const good = Array.from({ length: 9 }, (_, n) => ask(`10.0.0.${n}`, secretOf(20 + n)));
  const known = Promise.all(good);
  let done = false;
  void known.then(() => (done = true));
  let reads = 0;
  for (; reads < 40 && !done; reads++) await answer();
  // One stranger was being read; then at most every fourth.
  expect(reads).toBeLessThanOrEqual(1 + 9 + 3 + 1);
  expect(await known).not.toContain('refused');
  for (; reads < 80; reads++) await answer();
  const told = await Promise.all(flood);
  // The one that was being read, and a quarter of the places.
  expect(told.filter((one) => one !== 'refused')).toHaveLength(11);
  authenticator.follower.stop();
});
