/** What holds requests together. */
import { describe, expect, test } from 'vitest';
import { asked, type Given } from './rig.test.kit.ts';
import { Sessions, type SessionKind } from './session.ts';

const ALL: readonly SessionKind[] = ['session', 'cache-key', 'user', 'prompt'];
const sessions = new Sessions({ by: ALL, header: 'x-session', prefix: 1000 });
const by = (given: Given): SessionKind | undefined => sessions.of(asked(given))?.by;
const hash = (given: Given): number | undefined => sessions.of(asked(given))?.hash;

const LONG = 'word '.repeat(300);
const turn = (role: string, content: string): object => ({ role, content });

test.each<[Given, SessionKind | undefined]>([
  [{ headers: { 'x-session': 's' }, body: { prompt_cache_key: 'c', user: 'u' } }, 'session'],
  [{ headers: { 'x-session': ['s', 't'] } }, 'session'],
  [{ headers: { 'x-session': '' }, body: { prompt_cache_key: 'c', user: 'u' } }, 'cache-key'],
  [{ body: { user: 'u', messages: LONG } }, 'user'],
  [{ body: { safety_identifier: 'u' } }, 'user'],
  [{ body: { metadata: { user_id: 'u' } } }, 'user'],
  [{ identity: { key: 'k', endUser: 'u' } }, 'user'],
  [{ body: { messages: [turn('user', LONG)] } }, 'prompt'],
  [{ body: { messages: [turn('user', 'short')] } }, undefined],
  [{ body: { user: 7, prompt_cache_key: {}, metadata: null } }, undefined],
  [{ body: { note: LONG } }, undefined],
  [{ identity: { key: 'k', user: 'the owner of the key' } }, undefined],
  [{}, undefined],
])('%j is held together by %j', (given, kind) => {
  expect(by(given)).toBe(kind);
});

test('only what is wanted counts', () => {
  const users = new Sessions({ by: ['user'], header: 'x-session', prefix: 1000 });
  expect(users.of(asked({ headers: { 'x-session': 's' }, body: { messages: LONG } }))).toBeUndefined();
});

test('sessions of the same name of two callers are two', () => {
  const of = (key: string): number | undefined => hash({ headers: { 'x-session': '1' }, identity: { key } });
  expect(of('a')).not.toBe(of('b'));
  expect(of('a')).toBe(of('a'));
});

describe('the beginning of a prompt', () => {
  const grown = [turn('user', LONG), turn('assistant', 'yes'), turn('user', 'more')];

  test('stays the same while the conversation grows', () => {
    expect(hash({ body: { messages: grown } })).toBe(hash({ body: { messages: grown.slice(0, 1) } }));
    expect(hash({ body: { model: 'm', stream: true, messages: grown } })).toBe(hash({ body: { messages: grown } }));
  });

  test('is that of the tools and the system prompt first, wherever they stand', () => {
    const tools = [{ name: 'a', description: LONG }];
    const one = hash({ body: { messages: [turn('user', 'one')], tools } });
    expect(hash({ body: { tools, messages: [turn('user', 'two')] } })).toBe(one);
    expect(hash({ body: { tools: [{ name: 'b', description: LONG }], messages: [turn('user', 'one')] } })).not.toBe(
      one,
    );
  });

  test('is another for another prompt, and the same for another caller', () => {
    const messages = [turn('user', LONG)];
    expect(hash({ body: { messages: [turn('user', `x${LONG}`)] } })).not.toBe(hash({ body: { messages } }));
    expect(hash({ body: { messages }, identity: { key: 'other' } })).toBe(hash({ body: { messages } }));
  });
});
