/** What the tests of budgets and limits run on. */
import assert from 'node:assert/strict';
import type { Plugin, PluginEntry } from '@gatewright/core';
import { testGateway, type TestGateway, type TestGatewayOptions } from '../gateway/gateway.ts';
import type { Runner } from '../runner.ts';

export interface MeterSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  /** With these, every key may make so many of the suite's requests, as {@link MeterSuiteOptions.requests} says. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs: a state, and prices of the models `testkit/one` and `testkit/two`. */
  readonly plugins: readonly PluginEntry[];
  /** How many requests of ten tokens in and at most five out, one after the other, fit. At least two. */
  readonly requests: number;
}

export interface MeterTrial extends MeterSuiteOptions {
  /** Registers a test on a gateway of its own. */
  onGateway(name: string, body: (gateway: TestGateway) => Promise<void>, more?: Partial<TestGatewayOptions>): void;
  /** Sends one request that counts; answers with its status. */
  spend(gateway: TestGateway, key?: string, stream?: boolean): Promise<number>;
}

export function meterTrial({ test }: Runner, options: MeterSuiteOptions): MeterTrial {
  return {
    ...options,
    onGateway(name, body, more = {}) {
      test(name, async () => {
        const gateway = await testGateway({ ...options, ...more });
        try {
          await body(gateway);
        } finally {
          await gateway.close();
        }
      });
    },
    spend: async (gateway, key = 'tester', stream = false) =>
      (await gateway.ask('Hello', { key, stream, request: { maxOutput: 5 } })).status,
  };
}

/** Spends all that a key has, and answers with the status of the first request that is one too many. */
export async function exhaust(trial: MeterTrial, gateway: TestGateway, key?: string): Promise<number> {
  for (let count = 0; count < trial.requests; count++) {
    assert.equal(await trial.spend(gateway, key), 200, `Request ${count + 1} of ${trial.requests} was refused.`);
  }
  return trial.spend(gateway, key);
}

/** The rules that hold for whatever is counted. `refused` is the status of what does not fit. */
export function countingTests(trial: MeterTrial, refused: readonly number[]): void {
  const { onGateway, spend, requests } = trial;
  const isRefused = (status: number): void => assert.ok(refused.includes(status), `It was answered with ${status}.`);

  onGateway('what fits is let through, and what does not is refused', async (gateway) => {
    isRefused(await exhaust(trial, gateway));
  });

  onGateway('streams count like whole answers', async (gateway) => {
    for (let count = 0; count < requests; count++) assert.equal(await spend(gateway, 'tester', true), 200);
    isRefused(await spend(gateway, 'tester', true));
  });

  onGateway('what is refused calls no target', async (gateway) => {
    await exhaust(trial, gateway);
    assert.equal(gateway.attempts.length, requests);
  });

  onGateway('one caller does not use up what another has', async (gateway) => {
    await exhaust(trial, gateway);
    assert.equal(await spend(gateway, 'somebody-else'), 200);
  });

  onGateway('many at once get no more than one after the other', async (gateway) => {
    const statuses = await Promise.all(Array.from({ length: requests * 4 }, () => spend(gateway)));
    const passed = statuses.filter((status) => status === 200).length;
    assert.ok(passed > 0 && passed <= requests, `${passed} were let through, and ${requests} fit.`);
    for (const status of statuses.filter((one) => one !== 200)) isRefused(status);
  });

  onGateway('what is refused uses nothing up', async (gateway) => {
    await exhaust(trial, gateway);
    for (let count = 0; count < 5; count++) isRefused(await spend(gateway));
    const { settled, reserved } = sumsOf(gateway);
    assert.equal(settled, reserved, 'Attempts reserved that were never settled.');
  });

  onGateway(
    'every attempt that reserved is settled, however it ended',
    async (gateway) => {
      for (const stream of [false, true]) await spend(gateway, `k-${stream}`, stream);
      await gateway.close();
      const { settled, reserved } = sumsOf(gateway);
      assert.equal(settled, reserved, 'Attempts reserved that were never settled.');
    },
    { answer: ({ stream }) => (stream ? { text: ['Half'], cut: true } : { status: 500 }) },
  );

  onGateway(
    'the second target of a fallback is judged like the first',
    async (gateway) => {
      await exhaust(trial, gateway);
      isRefused(await spend(gateway));
      assert.equal(gateway.attempts.length, requests);
    },
    { targets: ['one', 'two'] },
  );
}

/** How many attempts held something, and how many of them are over. */
function sumsOf({ attempts }: TestGateway): { readonly settled: number; readonly reserved: number } {
  const held = attempts.filter(({ reserved }) => (reserved?.claims.length ?? 0) > 0);
  return { reserved: held.length, settled: held.filter(({ outcome }) => outcome !== undefined).length };
}
