/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { authSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import { ask, gatewayWith } from './gateway.test.kit.ts';

const KEY = 'a-key-that-opens-nothing-0123';

// What every authenticator keeps: the last test of the suite has the badge for its name.
authSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: { keys: [{ key: KEY, team: 'blue' }] },
    credentials: [KEY],
    known: [{ credential: KEY, key: 'blue' }],
  },
);

describe('a request', () => {
  const keys = [
    { key: KEY, team: 'blue' },
    { key: `${KEY}-other`, team: 'red', models: ['nothing'] },
  ];

  for (const [who, key, wanted] of [
    ['of a team', KEY, 200],
    ['of a team that may not use the model', `${KEY}-other`, 403],
    ['with a key that nobody knows', 'a-wrong-key', 401],
    ['without a key', '', 401],
  ] as const) {
    test(`${who} gets ${wanted}`, async (t) => {
      const { status, text } = await ask(await gatewayWith({ keys }, t), 'Hello', {}, key);
      assert.equal(status, wanted, text);
      assert.ok(!text.includes(KEY));
    });
  }
});
