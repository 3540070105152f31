/** The suite passes an authenticator that keeps the contract, and catches by name each that breaks one rule of it. */
import { GatewayError, type Identity, type Plugin } from '@gatewright/core';
import { expect, test } from 'vitest';
import { resultOf } from '../failing.test.kit.ts';
import { manifest, sample } from '../sample.test.kit.ts';
import { authSuite } from './suite.ts';

const KEY = 'Sample-Key-7fQ2xLw9Zr4T';

function auth(find: (credential: string | undefined) => Identity | undefined): Plugin {
  return sample(({ hooks }) => hooks.auth.tap(({ credential }) => find(credential)));
}

const BLUE: Identity = Object.freeze({ key: 'blue' });

async function failing(plugin: Plugin): Promise<readonly string[]> {
  const known = [{ credential: KEY, key: 'blue' }];
  return (await resultOf((runner) => authSuite(runner, { plugin, manifest, options: {}, known }))).failed;
}

test('an authenticator that keeps the contract passes', async () => {
  expect(await failing(auth((credential) => (credential === KEY ? BLUE : undefined)))).toEqual([]);
});

const AWAY = (who: string): string => `${who} is sent away with 401, before any target is called`;
const SHOWN = 'a key is in no record, no reply and no name';

test.each<[fault: string, plugin: Plugin, caught: readonly string[]]>([
  ['lets nobody in', auth(() => undefined), ['whoever is known is let in, as who they are']],
  [
    'lets those in who send no key',
    auth((credential = KEY) => (credential === KEY ? BLUE : undefined)),
    [AWAY('nobody')],
  ],
  [
    'looks at the beginning of a key',
    auth((credential) => (credential?.startsWith(KEY) ? BLUE : undefined)),
    [AWAY('somebody whose key goes on')],
  ],
  [
    'looks at as much of a key as was sent',
    auth((credential) => (credential !== undefined && KEY.startsWith(credential) ? BLUE : undefined)),
    [AWAY('somebody whose key is cut short')],
  ],
  [
    'does not tell small letters from others',
    auth((credential) => (credential?.toLowerCase() === KEY.toLowerCase() ? BLUE : undefined)),
    [AWAY('somebody whose key is written in other letters')],
  ],
  [
    'calls people by their keys',
    auth((credential) => (credential === KEY ? Object.freeze({ key: KEY }) : undefined)),
    ['whoever is known is let in, as who they are', SHOWN],
  ],
  [
    'repeats keys that it does not know',
    auth((credential) => {
      if (credential === KEY) return BLUE;
      throw new GatewayError('GW_UNAUTHENTICATED', `Nobody has the key ${credential}.`);
    }),
    [SHOWN],
  ],
  [
    'lets identities be changed',
    auth((credential) => (credential === KEY ? { key: 'blue' } : undefined)),
    ["an identity is nobody else's to change"],
  ],
])('an authenticator is caught that %s', async (_fault, plugin, caught) => {
  expect((await failing(plugin)).toSorted()).toEqual(caught.toSorted());
});
