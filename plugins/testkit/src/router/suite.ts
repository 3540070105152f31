/** What every router has to keep, as a suite: it may narrow and reorder, and nothing else. */
import assert from 'node:assert/strict';
import { definePlugin, type Plugin, type PluginEntry, type Route, type SetupContext } from '@gatewright/core';
import { conforming } from '../badge.ts';
import { testGateway, type TestGateway, type TestGatewayOptions } from '../gateway/gateway.ts';
import { pluginTests } from '../plugin/suite.ts';
import type { Runner } from '../runner.ts';

export interface RouterSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs besides. */
  readonly plugins?: readonly PluginEntry[];
}

/** What a tap of `route` was offered, and what it made of it. */
interface Choice {
  readonly offered: Route;
  readonly chosen: Route;
}

const TARGETS = ['north', 'east', 'south', 'west'];

/** Registers the suite with the runner. */
export function routerSuite(runner: Runner, options: RouterSuiteOptions): void {
  conforming(runner, 'router', (tracked) => {
    pluginTests(tracked, options);
    tracked.describe('routes', () => routeTests(tracked, options));
  });
}

function routeTests({ test }: Runner, options: RouterSuiteOptions): void {
  const onGateway = (
    name: string,
    body: (gateway: TestGateway, choices: readonly Choice[]) => Promise<void>,
    more: Partial<TestGatewayOptions> = {},
  ): void => {
    test(name, async () => {
      const choices: Choice[] = [];
      const plugin = watched(options.plugin, choices);
      const gateway = await testGateway({ ...options, targets: TARGETS, ...more, plugin });
      try {
        await body(gateway, choices);
      } finally {
        await gateway.close();
      }
    });
  };
  /** Many requests, so that chance and what is learned show. */
  const ROUNDS = 24;

  onGateway('requests are answered', async ({ ask }) => {
    for (let round = 0; round < ROUNDS; round++)
      assert.equal((await ask('Hello', { stream: round % 2 === 0 })).status, 200);
  });

  onGateway('no target is added, and none is there twice', async ({ ask }, choices) => {
    for (let round = 0; round < ROUNDS; round++) await ask('Hello');
    assert.ok(choices.length >= ROUNDS, 'It taps no route.');
    for (const { offered, chosen } of choices) {
      for (const target of chosen.targets) assert.ok(offered.targets.includes(target), `${target.id} was not offered.`);
      assert.equal(new Set(chosen.targets).size, chosen.targets.length, 'A target is there twice.');
    }
  });

  onGateway('what it is offered stays as it is', async ({ ask }, choices) => {
    assert.equal((await ask('Hello')).status, 200);
    for (const { offered } of choices) assert.equal(offered.targets.length, TARGETS.length);
  });

  onGateway(
    'a model with one target keeps it',
    async ({ ask }) => {
      for (let round = 0; round < 3; round++) assert.equal((await ask('Hello')).status, 200);
    },
    { targets: ['only'] },
  );

  onGateway(
    'where all targets fail, each of those chosen was tried, and the error is the last one',
    async ({ ask, attempts }, choices) => {
      const { status } = await ask('Hello');
      assert.equal(status, 500);
      const [choice] = choices;
      assert.deepEqual(
        attempts.map(({ target }) => target.id),
        choice?.chosen.targets.map(({ id }) => id),
      );
    },
    { answer: () => ({ status: 500 }) },
  );

  onGateway(
    'a target that fails is not the end where another is left',
    async ({ ask }, choices) => {
      const { status } = await ask('Hello');
      assert.ok(status === 200 || (choices[0]?.chosen.targets.length ?? 0) < 2, 'The others were not tried.');
    },
    { answer: ({ number }) => (number === 1 ? { status: 503 } : {}) },
  );
}

/** The plugin, with its taps of `route` watched. */
function watched(plugin: Plugin, choices: Choice[]): Plugin {
  type Tap = SetupContext['hooks']['route']['tap'];
  return definePlugin<Plugin['options']>({
    ...plugin,
    setup(context, options) {
      const tap: Tap = (fn, more) =>
        context.hooks.route.tap(async (route, exchange) => {
          const offered = { ...route, targets: [...route.targets] };
          const chosen = await fn(route, exchange);
          // Later it is asked for the targets of other models.
          if (exchange.attempts.length === 0) choices.push({ offered, chosen });
          assert.deepEqual(route.targets, offered.targets);
          return chosen;
        }, more);
      return plugin.setup({ ...context, hooks: { ...context.hooks, route: { tap } } }, options);
    },
  });
}
