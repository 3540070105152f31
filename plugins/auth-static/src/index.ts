/** Authentication with keys that stand in the configuration. */
import { definePlugin, type Identity } from '@gatewright/core';
import { KeyRing } from './key-ring.ts';
import { options, SHORT_KEY, type KeyOptions } from './options.ts';

export type { KeyOptions } from './options.ts';

export default definePlugin({
  name: '@gatewright/auth-static',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: { auth: 'key', hooks: ['auth'], reads: 'none', mutates: false, network: [], secrets: true },
  setup({ hooks, log }, { keys }) {
    const ring = new KeyRing();
    for (const entry of keys) {
      ring.add(entry.key, identityOf(entry));
      if (entry.key.length < SHORT_KEY) {
        log.warn(
          `The key "${entry.id}" is shorter than ${SHORT_KEY} characters and can be guessed; make a longer one.`,
        );
      }
    }
    hooks.auth.tap(({ credential }) => (credential === undefined ? undefined : ring.find(credential)));
  },
});

/** The identity that a key stands for, frozen to the bottom: every exchange of the key is given the same object. */
function identityOf(entry: KeyOptions): Identity {
  const { key: _secret, id, ...rest } = entry;
  return deepFreeze({ key: id, ...rest } as Identity);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
