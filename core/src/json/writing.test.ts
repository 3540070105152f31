/** A place that is written knows its path, and says what it cannot express. */
import { expect, test } from 'vitest';
import type { EncodeContext } from '../dialect.ts';
import { keeperOf } from '../chat/rest.ts';
import { Writing } from './writing.ts';

const keeper = keeperOf('acme-chat');
const own = { dialect: 'acme-chat', fields: { a: 1, $absent: ['b'] } };
const foreign = { dialect: 'other-chat', fields: { a: 1, $note: 2 } };

function page(origin?: typeof own): { at: Writing; said: string[] } {
  const said: string[] = [];
  const context: EncodeContext = {
    model: 'm',
    unsupported: (field, reason) => said.push(`unsupported ${field}: ${reason}`),
    warn: (field, reason) => said.push(`warn ${field}: ${reason}`),
  };
  return { at: Writing.to('provider', origin, context, keeper), said };
}

test('what is said names the place', () => {
  const { at, said } = page();
  const place = at.at('messages').at(2).at('content');
  place.unsupported('No.');
  place.warn('Hm.');
  expect(said).toEqual(['unsupported messages.2.content: No.', 'warn messages.2.content: Hm.']);
});

test('a rest of the same dialect completes what is written; of another each field is refused', () => {
  const { at, said } = page();
  expect(at.complete({ b: 2 }, own)).toEqual({ a: 1 });
  expect(at.complete({ b: 2 }, undefined)).toEqual({ b: 2 });
  expect(said).toEqual([]);
  expect(at.at('parts').complete({ b: 2 }, foreign)).toEqual({ b: 2 });
  expect(said).toEqual(['unsupported parts.a: Only the dialect other-chat has this field.']);
});

test('all places of a body know whom it is for, and give out a name once', () => {
  const { at } = page(own);
  const place = at.at('x');
  expect([place.own, place.reader, place.model, page().at.own]).toEqual([true, 'provider', 'm', false]);
  expect([at.unique('a'), place.unique('a'), place.unique('a 2'), page().at.unique('a')]).toEqual([
    'a',
    'a 2',
    'a 2 2',
    'a',
  ]);
});
