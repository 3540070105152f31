/** The service `state` in the memory of one process. */
import { randomUUID } from 'node:crypto';
import { definePlugin } from '@gatewright/core';
import { Ledger } from './ledger.ts';
import { MemoryState } from './memory-state.ts';
import { options } from './options.ts';

export { Allowance } from './allowance.ts';
export { withinTime } from './deadline.ts';
export { Ledger, type LedgerOptions } from './ledger.ts';
export { MemoryBoard } from './memory-board.ts';
export { MemoryState } from './memory-state.ts';
export { checkNotice, MOST_NOTICES } from './notice-size.ts';
export type { StateMemoryOptions } from './options.ts';
export { goneHold, settledHold } from './refusal.ts';
export { Seeds } from './seeds.ts';
export {
  bucketAt,
  checkClaims,
  counterKey,
  growth,
  noPeriod,
  periodAt,
  slidingEnd,
  slidingWait,
  type Buckets,
} from './window.ts';

export default definePlugin({
  name: '@gatewright/state-memory',
  version: '0.1.0',
  engine: '^1',
  options,
  provides: ['state'],
  usesIfPresent: ['store'],
  workers: 'primary',
  supports: { processes: 1, hooks: [], reads: 'none', mutates: false, network: [], secrets: false },
  setup(context, { lease, storeTimeout }) {
    const { clock, dry } = context;
    const settings = { lease, seedTimeout: storeTimeout, store: context.useIfPresent('store') };
    // Counters belong to the gateway: exchanges of the configuration before this one go on in them.
    const { ledger, state } = context.share(
      dry ? 'ledger of a look' : 'ledger',
      () => {
        const ledger = new Ledger(clock, settings);
        return { ledger, state: new MemoryState(ledger, randomUUID(), !dry) };
      },
      ({ state }) => state.close(),
    );
    // Not before this configuration has taken over: one that is refused later must change nothing.
    context.onServe(() => ledger.configure(settings));
    context.provide('state', state);
  },
});
