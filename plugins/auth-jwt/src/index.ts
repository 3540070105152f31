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

/** Without records there is nothing to add to what the token says. */
function identityOf({ role: _role, known: _known, ...identity }: Given): Identity {
  return Object.freeze(identity);
}
