/** Scopes of an attempt: one per combination, none where the caller has no such thing, and no id that can pass for another. */
import { expect, test } from 'vitest';
import type { Attempt } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import type { Identity } from './identity.ts';
import { scopesOf, type Dimension } from './scope.ts';

const attempt = { target: { id: 'acme/one', provider: 'acme' } } as Attempt;
const scopes = (dimensions: Dimension[], identity: Identity): readonly string[] =>
  scopesOf(dimensions, attempt, { identity, model: 'smart' } as Partial<Exchange> as Exchange);
const WHO: Identity = { key: 'k', user: 'u', team: 't', organisation: 'o', endUser: 'e', tags: ['a', 'b'] };

test.each<[Dimension[], string[]]>([
  [['global'], ['global']],
  [['key'], ['key:k']],
  [['user'], ['user:u']],
  [['team'], ['team:t']],
  [['organisation'], ['organisation:o']],
  [['endUser'], ['endUser:e']],
  [['model'], ['model:smart']],
  [['provider'], ['provider:acme']],
  [['target'], ['target:acme/one']],
  [['tag'], ['tag:a', 'tag:b']],
  [
    ['team', 'tag'],
    ['team:t tag:a', 'team:t tag:b'],
  ],
])('%j', (dimensions, expected) => expect(scopes(dimensions, WHO)).toEqual(expected));

test('a caller without a team has no scope of teams, alone or combined', () => {
  expect(scopes(['team'], { key: 'k' })).toEqual([]);
  expect(scopes(['key', 'team'], { key: 'k' })).toEqual([]);
  expect(scopes(['tag'], { key: 'k' })).toEqual([]);
});

test('an id with a space cannot look like a combination', () => {
  const [combined] = scopes(['key', 'team'], { key: 'k', team: 't' });
  expect(scopes(['key'], { key: 'k team:t' })).not.toContain(combined);
  expect(scopes(['key'], { key: 'a b' })).not.toEqual(scopes(['key'], { key: 'a%20b' }));
});
