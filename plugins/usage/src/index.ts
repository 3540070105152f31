/** The plugin: a row of usage for every attempt. */
import { resolve } from 'node:path';
import { definePlugin, GatewayError, type HookPoints, type Logger, type UsageRow } from '@gatewright/core';
import { z } from 'zod';
import { UsageJournal } from './journal.ts';
import { KeptBills } from './kept-bills.ts';
import { billOrphans } from './orphans.ts';
import { rowOf } from './row.ts';

const options = z.strictObject({
  journal: z
    .string()
    .min(1)
    .default('gatewright-journal')
    .describe('The folder of the journal, relative to the working directory; it is made where it is missing.'),
  segmentSize: z
    .int()
    .min(4096)
    .max(1024 ** 3)
    .default(64 * 1024 * 1024)
    .describe('Bytes after which a file of the journal is full.'),
  durable: z
    .boolean()
    .default(false)
    .describe(
      'Whether an answer ends only when its row is on the disk: survives the loss of power, not only of the process.',
    ),
  orphans: z
    .enum(['hold', 'input', 'none'])
    .default('hold')
    .describe('What is billed for an attempt whose process died: what was reserved, its input alone, or nothing.'),
  orphanInterval: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(5000)
    .describe('Milliseconds between two looks for the holds of processes that died.'),
});

export default definePlugin({
  name: '@gatewright/usage',
  version: '0.1.0',
  engine: '^1',
  id: 'usage',
  options,
  uses: ['store'],
  usesIfPresent: ['state', 'prices'],
  supports: { hooks: ['meter.reserve', 'meter.settle'], reads: 'none', mutates: false, network: [], secrets: false },
  setup({ hooks, use, useIfPresent, share, clock, log, dry, onReady, onServe, onDispose }, given) {
    // A journal is a folder that a process claims for itself; an exchange that is only explained has no rows.
    if (dry) return;
    const directory = resolve(given.journal);
    const store = use('store');
    const { segmentSize, durable, orphans: charge } = given;
    const journal = share(
      JSON.stringify([directory, segmentSize, durable]),
      () => new UsageJournal({ directory, segmentSize, durable }, store, clock, log),
      (open) => open.close(),
    );
    hooks.meter.reserve.tap(() => {
      if (journal.failure !== undefined) throw journalError(journal.failure);
      return undefined;
    });
    const noteLate = (row: UsageRow): Promise<void> => journal.write({ ...row, late: true });
    hooks.meter.settle.tap((outcome, attempt, exchange) => {
      const row = rowOf(outcome, attempt, exchange, clock.now());
      attempt.onSettled(({ late, duplicate }) => {
        if (!late || duplicate || row.late === true) return;
        // The row is written before the state is asked: that it was late is said behind it.
        noteLate(row).catch((error: unknown) => {
          log.warn('That an attempt was settled late could not be noted.', { attempt: attempt.id, error });
        });
      });
      return journal.append(row);
    });
    const state = useIfPresent('state');
    tapKept(hooks, new KeptBills({ store, state, prices: useIfPresent('prices'), journal, clock }), log);
    onServe(() => {
      journal.storeIn(store);
      if (state !== undefined) journal.settleIn(state);
    });
    // The journal is one for all configurations, but each follows by itself: the end of one must not end the others.
    const unfollow = state?.follow?.({ pause: () => journal.pause() });
    if (unfollow !== undefined) journal.remember();
    let cancel: (() => void) | undefined;
    let disposed = false;
    const look = (): void => {
      if (state === undefined || disposed) return;
      cancel = clock.after(given.orphanInterval, () => {
        billOrphans({ state, prices: useIfPresent('prices'), journal, clock, log, charge })
          .catch((error: unknown) => log.warn('The holds of processes that died could not be looked for.', { error }))
          .finally(look);
      });
    };
    onReady(async () => {
      await journal.collect();
      look();
    });
    onDispose(() => {
      disposed = true;
      cancel?.();
      unfollow?.();
    });
  },
});

/** Nothing is reserved for what is asked for by its id, and who names the operation hears of it all the same. */
function tapKept({ meter }: HookPoints, bills: KeptBills, log: Logger): void {
  const settled: Parameters<typeof meter.settle.tap>[0] = (outcome, attempt, { identity }) => {
    // The answer itself waits for no store.
    bills.bill(outcome, attempt, identity).catch((error: unknown) => {
      log.warn('An answer made in the background is billed when it is fetched again.', { attempt: attempt.id, error });
    });
  };
  meter.settle.tap(settled, { operations: ['kept'] });
}

/** What a client is told while no row can be written. */
function journalError(reason: string): GatewayError {
  return new GatewayError('GW_STORE_UNAVAILABLE', `Usage cannot be recorded, so nothing new is taken: ${reason}.`);
}
