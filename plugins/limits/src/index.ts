/** The plugin: limits on requests, tokens and requests under way. */
import { definePlugin } from '@gatewright/core';
import type { Nearest } from './headers.ts';
import { LimitMeter } from './meter.ts';
import { options } from './options.ts';

export default definePlugin({
  name: '@gatewright/limits',
  version: '0.1.0',
  engine: '^1',
  id: 'limits',
  options,
  uses: ['state'],
  supports: { hooks: ['meter.reserve', 'meter.settle'], reads: 'bytes', mutates: false, network: [], secrets: false },
  setup({ hooks, slot, clock }, given) {
    const meter = new LimitMeter(given, slot<Nearest>(), clock);
    hooks.meter.reserve.tap((attempt, exchange) => meter.reserve(attempt, exchange));
    // Where nothing is learned, nobody is asked.
    if (given.estimate !== 'quantile') return;
    hooks.meter.settle.tap((outcome, attempt, exchange) => meter.observe(outcome, attempt, exchange));
  },
});
