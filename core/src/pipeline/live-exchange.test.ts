/** An exchange takes more to be known of its caller, and no other caller. */
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { LiveExchange, type ExchangeHead } from './live-exchange.ts';

function exchange(): LiveExchange {
  const kernel = { hooks: { of: () => ({}) }, clock: systemClock } as unknown as Kernel;
  const live = new LiveExchange(kernel, { operation: 'chat' } as ExchangeHead);
  live.identity = Object.freeze({ key: 'ada', team: 'core' });
  return live;
}

test('a plugin says more of who is calling', () => {
  const live = exchange();
  live.identify({ ...live.identity, endUser: 'eve' });
  expect(live.identity).toEqual({ key: 'ada', team: 'core', endUser: 'eve' });
});

test('a plugin cannot put another key in place of the one that was let in', () => {
  const live = exchange();
  expect(() => live.identify({ key: 'admin' })).toThrow(
    expect.objectContaining({ code: 'GW_PLUGIN_CONTRACT' }) as Error,
  );
  expect(live.identity).toEqual({ key: 'ada', team: 'core' });
});
