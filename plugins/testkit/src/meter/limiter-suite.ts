/** What every limiter of requests has to keep, as a suite. */
import assert from 'node:assert/strict';
import { conforming } from '../badge.ts';
import { pluginTests } from '../plugin/suite.ts';
import type { Runner } from '../runner.ts';
import { countingTests, exhaust, meterTrial, type MeterSuiteOptions, type MeterTrial } from './stage.ts';

export interface LimiterSuiteOptions extends MeterSuiteOptions {
  /** After so many milliseconds of the gateway's clock, some requests fit again; after twice that, as many. */
  readonly window: number;
}

/** Registers the suite with the runner. */
export function limiterSuite(runner: Runner, options: LimiterSuiteOptions): void {
  conforming(runner, 'limiter', (tracked) => {
    pluginTests(tracked, options);
    tracked.describe('counting', () => countingTests(meterTrial(tracked, options, true), [429]));
    tracked.describe('time', () => timeTests(meterTrial(tracked, options, true), options.window));
  });
}

function timeTests(trial: MeterTrial, window: number): void {
  const { onGateway, spend } = trial;

  onGateway('when the window has passed, requests fit again, and in another one as many as before', async (gateway) => {
    assert.equal(await exhaust(trial, gateway), 429);
    gateway.clock.advance(window + 1);
    assert.equal(await spend(gateway), 200);
    // Who counts a sliding window in two buckets has forgotten all when both have passed.
    gateway.clock.advance(2 * window + 1);
    assert.equal(await exhaust(trial, gateway), 429);
  });

  onGateway('before the window has passed, nothing fits that did not', async (gateway) => {
    await exhaust(trial, gateway);
    gateway.clock.advance(Math.floor(window / 100));
    assert.equal(await spend(gateway), 429);
  });

  onGateway('a refusal says when to come back, and whoever does is let through', async (gateway) => {
    await exhaust(trial, gateway);
    const { headers, error } = await gateway.ask('Hello', { request: { maxOutput: 5 } });
    const seconds = Number(headers['retry-after']);
    assert.equal(error, 'GW_RATE_LIMITED');
    assert.ok(seconds > 0 && seconds * 1000 <= window + 1000, `retry-after says ${String(headers['retry-after'])}.`);
    gateway.clock.advance(seconds * 1000);
    assert.equal(await spend(gateway), 200);
  });
}
