/** What every enforcer of budgets has to keep, as a suite. */
import assert from 'node:assert/strict';
import { conforming } from '../badge.ts';
import { pluginTests } from '../plugin/suite.ts';
import type { Runner } from '../runner.ts';
import { countingTests, exhaust, meterTrial, type MeterSuiteOptions, type MeterTrial } from './stage.ts';

export type BudgetSuiteOptions = MeterSuiteOptions;

/** What a budget that is used up is refused with: payment required, or too many requests. */
const REFUSED = [402, 429];

/** Registers the suite with the runner. Give the plugin a budget that a request cannot use up alone. */
export function budgetSuite(runner: Runner, options: BudgetSuiteOptions): void {
  conforming(runner, 'budget', (tracked) => {
    pluginTests(tracked, options);
    tracked.describe('counting', () => countingTests(meterTrial(tracked, options, false), REFUSED));
    tracked.describe('money', () => moneyTests(meterTrial(tracked, options, false)));
  });
}

function moneyTests(trial: MeterTrial): void {
  const { onGateway, spend, requests } = trial;

  onGateway('what is claimed is money of a budget, in whole nano-dollars', async (gateway) => {
    await spend(gateway);
    const claims = gateway.attempts.flatMap(({ reserved }) => reserved?.claims ?? []);
    const money = claims.filter(({ kind, unit }) => kind === 'budget' && unit === 'nanos');
    assert.ok(money.length > 0, 'Nothing was claimed of a budget, in nanos.');
    for (const { scope } of money) assert.match(scope, /tester/, 'The scope does not name whose budget it is.');
  });

  onGateway('what was reserved and not used is free again', async (gateway) => {
    await exhaust(trial, gateway);
    const claims = gateway.attempts.flatMap(({ reserved }) => reserved?.claims ?? []);
    const reserved = claims.reduce((sum, { amount }) => sum + amount, 0n);
    const [limit = 0n] = claims.map((claim) => claim.limit);
    assert.ok(reserved > limit, 'No more was ever reserved than the budget has: what is not used does not come back.');
  });

  onGateway(
    'an error of the provider costs nothing',
    async (gateway) => {
      for (let count = 0; count < requests * 3; count++) {
        const status = await spend(gateway);
        assert.equal(status, 500, `Error ${count + 1} was answered with ${status}.`);
      }
    },
    { answer: () => ({ status: 500 }) },
  );

  onGateway('a budget that is used up says so, by a code that tells it from a limit', async (gateway) => {
    await exhaust(trial, gateway);
    const { error } = await gateway.ask('Hello', { request: { maxOutput: 5 } });
    assert.equal(error, 'GW_BUDGET_EXCEEDED');
  });
}
