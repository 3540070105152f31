/** The plugin: tokens that an identity provider has signed. */
import { definePlugin, type Identity } from '@gatewright/core';
import type { Given, KeyService } from '@gatewright/auth-keys';
import { options } from './options.ts';
import { Verifier } from './verifier.ts';

export default definePlugin({
  name: '@gatewright/auth-jwt',
  version: '0.1.0',
  engine: '^1',
  id: 'auth-jwt',
  options,
  usesIfPresent: ['keys'],
  supports: { auth: 'token', hooks: ['auth'], reads: 'none', mutates: false, network: [], secrets: false },
  setup({ hooks, useIfPresent, clock, log }, given) {
    const verifier = new Verifier(given, clock, log);
    const keys: KeyService | undefined = useIfPresent('keys');
    keys?.trust(async (credential) => verifier.verify(credential));
    hooks.auth.tap((exchange) => {
      const { credential } = exchange;
      if (credential === undefined) return undefined;
      const admit = (caller: Given | undefined) =>
        caller === undefined ? undefined : (keys?.admit(caller, exchange) ?? identityOf(caller));
      const caller = verifier.verify(credential);
      return caller instanceof Promise ? caller.then(admit) : admit(caller);
    });
  },
});

/** Of tokens that are remembered. */
const identities = new WeakMap<Given, Identity>();

/** Without records there is nothing to add to what the token says. One token is always given the same object. */
function identityOf(given: Given): Identity {
  let identity = identities.get(given);
  if (identity === undefined) identities.set(given, (identity = frozen(given)));
  return identity;
}

function frozen({ role: _role, known: _known, ...identity }: Given): Identity {
  return Object.freeze(identity);
}
