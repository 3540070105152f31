/** What the tests of budgets and limits run on. */
import assert from 'node:assert/strict';
import type { Plugin, PluginEntry } from '@gatewright/core';
import { testGateway, type TestGateway, type TestGatewayOptions } from '../gateway/gateway.ts';
import type { Runner } from '../runner.ts';

export interface MeterSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  /** With these, every key may make as many of the suite's requests as {@link MeterSuiteOptions.requests} says. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs: a state, and prices of the models `testkit/one` and `testkit/two`. */
  readonly plugins: readonly PluginEntry[];
  /** The most requests that may be let through, at least two; each uses ten tokens in and five out, and may use no more out. */
  readonly requests: number;
}

export interface MeterTrial extends MeterSuiteOptions {
  /** Just so many fit one after the other. Else it may be fewer: what is reserved may be more than what is used. */
  readonly exact: boolean;
  /** Registers a test on a gateway of its own. */
  onGateway(name: string, body: (gateway: TestGateway) => Promise<void>, more?: Partial<TestGatewayOptions>): void;
  /** Sends one request that counts; answers with its status. */
  spend(gateway: TestGateway, key?: string, stream?: boolean): Promise<number>;
}

export function meterTrial({ test }: Runner, options: MeterSuiteOptions, exact: boolean): MeterTrial {
  return {
    ...options,
    exact,
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
export async function exhaust(
  { requests, exact, spend }: MeterTrial,
  gateway: TestGateway,
  key?: string,
  stream?: boolean,
): Promise<number> {
  for (let count = 0; count <= requests; count++) {
    const status = await spend(gateway, key, stream);
    if (status === 200) continue;
    const least = exact ? requests : 2;
    assert.ok(count >= least, `Request ${count + 1} was answered with ${status}, and ${least} should fit.`);
    return status;
  }
  return assert.fail(`${requests + 1} requests were let through, and ${requests} fit.`);
}

/** The rules that hold for whatever is counted. `refused` is the status of what does not fit. */
export function countingTests(trial: MeterTrial, refused: readonly number[]): void {
  const { onGateway, spend, requests } = trial;
  const isRefused = (status: number): void => assert.ok(refused.includes(status), `It was answered with ${status}.`);

  onGateway('what fits is let through, and what does not is refused', async (gateway) => {
    isRefused(await exhaust(trial, gateway));
  });

  onGateway('streams count like whole answers', async (gateway) => {
    isRefused(await exhaust(trial, gateway, 'tester', true));
  });

  onGateway('what is refused calls no target', async (gateway) => {
    await exhaust(trial, gateway);
    const called = gateway.attempts.length;
    isRefused(await spend(gateway));
    assert.equal(gateway.attempts.length, called);
  });

  onGateway('one caller does not use up what another has', async (gateway) => {
    await exhaust(trial, gateway);
    assert.equal(await spend(gateway, 'somebody-else'), 200);
  });

  const gate = Promise.withResolvers<void>();
  onGateway(
    'many at once get no more than one after the other',
    async (gateway) => {
      const asked = Array.from({ length: requests * 4 }, () => spend(gateway));
      let over = 0;
      for (const one of asked) void one.then(() => over++);
      // Nobody is answered before all of them are under way, or refused.
      while (gateway.attempts.length + over < asked.length) await new Promise((resolve) => setImmediate(resolve));
      gate.resolve();
      const statuses = await Promise.all(asked);
      const passed = statuses.filter((status) => status === 200).length;
      assert.ok(passed > 0 && passed <= requests, `${passed} were let through, and ${requests} fit.`);
      for (const status of statuses.filter((one) => one !== 200)) isRefused(status);
    },
    { wait: () => gate.promise },
  );

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
      isRefused(await exhaust(trial, gateway));
      assert.ok(gateway.attempts.length <= requests, 'The second target was called for what did not fit the first.');
    },
    { targets: ['one', 'two'] },
  );
}

/** How many attempts held something, and how many of them are over. */
function sumsOf({ attempts }: TestGateway): { readonly settled: number; readonly reserved: number } {
  const held = attempts.filter(({ reserved }) => (reserved?.claims.length ?? 0) > 0);
  return { reserved: held.length, settled: held.filter(({ outcome }) => outcome !== undefined).length };
}
