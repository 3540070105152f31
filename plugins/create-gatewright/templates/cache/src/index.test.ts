/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cacheSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import { ManualClock } from '@gatewright/testkit';
import { ask, gatewayWith } from './gateway.test.kit.ts';
import { Shelf } from './shelf.ts';

// What every cache keeps: the last test of the suite has the badge for its name.
cacheSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: { entries: 10, seconds: 60 },
    lifetime: 60_000,
  },
);

const answer = (id: string) => ({ id, model: 'm', candidates: [] });

describe('the shelf', () => {
  test('keeps an answer for its time, and not longer', () => {
    const clock = new ManualClock();
    const shelf = new Shelf(10, 1000, clock);
    shelf.put('a', answer('1'));
    clock.advance(999);
    assert.equal(shelf.get('a')?.id, '1');
    clock.advance(1);
    assert.equal(shelf.get('a'), undefined);
  });

  test('keeps so many, and lets the oldest go', () => {
    const shelf = new Shelf(2, 1000, new ManualClock());
    for (const key of ['a', 'b', 'a', 'c']) shelf.put(key, answer(key));
    assert.deepEqual([shelf.get('a')?.id, shelf.get('b'), shelf.get('c')?.id], ['a', undefined, 'c']);
  });
});

describe('a chat', () => {
  const idOf = (text: string): string | undefined => /"id":"([^"]+)"/.exec(text)?.[1];

  test('is answered from memory when it is asked again, also as a stream', async (t) => {
    const gateway = await gatewayWith({}, t);
    const first = idOf((await ask(gateway, 'Why?')).text);
    assert.ok(first);
    assert.equal(idOf((await ask(gateway, 'Why?')).text), first);
    assert.equal(idOf((await ask(gateway, 'Why?', { stream: true })).text), first);
  });

  test('is not answered with the answer to another question', async (t) => {
    const gateway = await gatewayWith({}, t);
    const first = idOf((await ask(gateway, 'Why?')).text);
    assert.notEqual(idOf((await ask(gateway, 'How?')).text), first);
    assert.notEqual(idOf((await ask(gateway, 'Why?', { temperature: 0.5 })).text), first);
  });
});
