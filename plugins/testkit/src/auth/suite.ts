/** What every authenticator has to keep, as a suite: give it the plugin, a key that it knows, and whose it is. */
import assert from 'node:assert/strict';
import type { Plugin, PluginEntry } from '@gatewright/core';
import { conforming } from '../badge.ts';
import { testGateway, type TestGateway } from '../gateway/gateway.ts';
import { pluginTests } from '../plugin/suite.ts';
import { shown } from '../plugin/shown.ts';
import type { Runner } from '../runner.ts';

export interface AuthSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs besides. */
  readonly plugins?: readonly PluginEntry[];
  /** What clients send who are known, of at least sixteen characters, with the `key` of the identity that they get. */
  readonly known: readonly { readonly credential: string; readonly key: string }[];
}

/** Registers the suite with the runner. */
export function authSuite(runner: Runner, options: AuthSuiteOptions): void {
  conforming(runner, 'auth', (tracked) => {
    pluginTests(tracked, options);
    tracked.describe('who is calling', () => callerTests(tracked, options));
  });
}

function callerTests({ test }: Runner, options: AuthSuiteOptions): void {
  const onGateway = (name: string, body: (gateway: TestGateway) => Promise<void>): void => {
    test(name, async () => {
      const gateway = await testGateway({ ...options, ownAuth: true });
      try {
        await body(gateway);
      } finally {
        await gateway.close();
      }
    });
  };
  const { known } = options;

  onGateway('whoever is known is let in, as who they are', async ({ ask, records, close }) => {
    for (const { credential } of known) assert.equal((await ask('Hello', { key: credential })).status, 200);
    await close();
    assert.deepEqual(
      records.map(({ identity }) => identity.key),
      known.map(({ key }) => key),
    );
  });

  for (const [who, keyOf] of [
    ['nobody', () => ''],
    ['a stranger', () => 'nobody-knows-this-key-0000'],
    ['somebody whose key is cut short', (key: string) => key.slice(0, -1)],
    ['somebody whose key goes on', (key: string) => `${key}0`],
    ['somebody whose key is written in other letters', (key: string) => swapped(key)],
  ] as const) {
    onGateway(`${who} is sent away with 401, before any target is called`, async ({ ask, attempts }) => {
      for (const { credential } of known) {
        const { status } = await ask('Hello', { key: keyOf(credential) });
        assert.deepEqual([status, attempts.length], [401, 0]);
      }
    });
  }

  onGateway('a key is in no record, no reply and no name', async ({ ask, records, close }) => {
    const replies = [];
    for (const { credential } of known) {
      replies.push(await ask('Hello', { key: credential }), await ask('Hello', { key: `${credential}0` }));
    }
    await close();
    for (const { credential } of known) {
      assert.ok(!shown([records, replies]).includes(credential), 'A record or a reply shows it.');
    }
  });

  onGateway("an identity is nobody else's to change", async ({ ask, attempts }) => {
    for (const { credential } of known) await ask('Hello', { key: credential });
    for (const { exchange } of attempts) assert.ok(Object.isFrozen(exchange.identity), 'The identity is not frozen.');
  });
}

const swapped = (key: string): string =>
  key
    .split('')
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
