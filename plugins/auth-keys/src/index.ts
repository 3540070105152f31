/** The plugin: virtual keys. */
import { definePlugin } from '@gatewright/core';
import { actorOf, type Verify } from './actors.ts';
import { Authenticator } from './authenticator.ts';
import { options } from './options.ts';
import { openRecords } from './records/open.ts';

export type { Given, KeyService } from './service.ts';

export default definePlugin({
  name: '@gatewright/auth-keys',
  version: '0.1.0',
  engine: '^1',
  id: 'auth-keys',
  options,
  uses: ['store'],
  provides: ['keys'],
  supports: { auth: 'key', hooks: ['auth', 'route'], reads: 'bytes', mutates: false, network: [], secrets: true },
  setup({ hooks, use, provide, clock, log, dry, onReady, onDispose }, given) {
    const store = use('store');
    const authenticator = new Authenticator(given, store, clock, log);
    hooks.auth.tap((exchange) => authenticator.identify(exchange));
    if (authenticator.readsBodies) {
      hooks.route.tap(
        (route, exchange) => {
          const known = authenticator.identifyBody(exchange);
          return known instanceof Promise ? known.then(() => route) : route;
        },
        { stage: 'early' },
      );
    }
    const others: Verify[] = [];
    provide('keys', {
      records: openRecords(store, clock),
      actor: (credential) => actorOf(credential, authenticator, store, others),
      admit: (given, exchange) => authenticator.admit(given, exchange),
      trust: (verify) => void others.push(verify),
      sync: () => authenticator.follower.sync(),
    });
    // Without it, the log of changes is looked at when a key is asked for.
    if (!dry) onReady(() => authenticator.follower.start());
    onDispose(() => authenticator.follower.stop());
  },
});
