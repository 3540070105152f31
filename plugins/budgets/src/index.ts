/** The plugin: budgets that hold. */
import { definePlugin } from '@gatewright/core';
import { BudgetMeter } from './meter.ts';
import { options } from './options.ts';

export default definePlugin({
  name: '@gatewright/budgets',
  version: '0.1.0',
  engine: '^1',
  id: 'budgets',
  options,
  uses: ['state', 'prices'],
  supports: { hooks: ['meter.reserve', 'meter.settle'], reads: 'neutral', mutates: false, network: [], secrets: false },
  setup({ hooks, use, clock, log }, given) {
    const meter = new BudgetMeter(given, use('prices'), clock, log);
    hooks.meter.reserve.tap((attempt, exchange) => meter.reserve(attempt, exchange));
    if (meter.learns) hooks.meter.settle.tap((outcome, attempt, exchange) => meter.observe(outcome, attempt, exchange));
  },
});
