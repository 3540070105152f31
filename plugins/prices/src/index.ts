/** What every exchange costs. */
import { definePlugin, GatewayError } from '@gatewright/core';
import { options } from './options.ts';
import { PRICE_HELP, PriceList } from './price-list.ts';

export type { Override, PricesOptions } from './options.ts';

/** How long after it serves the gateway loads the catalogue, in milliseconds: not while it boots, and not while a request waits. */
const PATIENCE = 500;
/** Milliseconds between two steps of looking up prices. */
const PAUSE = 10;

export default definePlugin({
  name: '@gatewright/prices',
  version: '0.1.0',
  engine: '^1',
  options,
  provides: ['prices'],
  supports: { hooks: ['meter.reserve'], reads: 'none', mutates: false, network: [], secrets: false },
  setup(context, options) {
    const prices = new PriceList(options, context.log);
    context.provide('prices', prices);
    let cancel: (() => void) | undefined;
    context.onServe(() => {
      // Who only looks at a gateway waits for no catalogue.
      if (context.dry) return;
      const steps = prices.prepare(context.models().flatMap(({ targets }) => targets));
      const next = (): void => {
        if (steps.next().done !== true) cancel = context.clock.after(PAUSE, next);
      };
      cancel = context.clock.after(PATIENCE, next);
    });
    context.onDispose(() => cancel?.());
    if (options.unpriced !== 'refuse') return;
    context.hooks.meter.reserve.tap(({ target }, { operation }) => {
      // Counting tokens is an operation without spend.
      if (operation !== 'count-tokens' && !prices.priced(target, context.clock.now())) {
        throw new GatewayError('GW_UNPRICED', prices.whyUnpriced(target), { target: target.id, help: PRICE_HELP });
      }
      return undefined;
    });
  },
});
