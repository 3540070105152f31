/** The suite passes a router that keeps the contract, and catches by name each that breaks one rule of it. */
import type { Plugin, Route } from '@gatewright/core';
import { expect, test } from 'vitest';
import { resultOf } from '../failing.test.kit.ts';
import { manifest, sample } from '../sample.test.kit.ts';
import { routerSuite } from './suite.ts';

function router(change: (route: Route) => Route): Plugin {
  return sample(({ hooks }) => hooks.route.tap((route) => change(route)));
}

async function failing(plugin: Plugin): Promise<readonly string[]> {
  return (await resultOf((runner) => routerSuite(runner, { plugin, manifest, options: {} }))).failed;
}

test('a router that reverses the targets passes, and so does one that narrows them', async () => {
  expect(await failing(router((route) => ({ ...route, targets: route.targets.toReversed() })))).toEqual([]);
  expect(await failing(router((route) => ({ ...route, targets: route.targets.slice(0, 2) })))).toEqual([]);
});

const ANSWERED = 'requests are answered';
const ADDED = 'no target is added, and none is there twice';
const ONE = 'a model with one target keeps it';
const STAYS = 'what it is offered stays as it is';

test.each<[fault: string, plugin: Plugin, caught: readonly string[]]>([
  [
    'adds a target',
    router((route) => ({ ...route, targets: [...route.targets, { ...route.targets[0] } as never] })),
    [ADDED, ANSWERED, ONE],
  ],
  ['names a target twice', router((route) => ({ ...route, targets: [...route.targets, ...route.targets] })), [ADDED]],
  ['leaves none', router((route) => ({ ...route, targets: [] })), [ANSWERED, ONE]],
  ['leaves none where there is but one', router((route) => ({ ...route, targets: route.targets.slice(0, -1) })), [ONE]],
  [
    'changes what it is offered',
    router((route) => {
      (route.targets as unknown[]).pop();
      return route;
    }),
    [ANSWERED, STAYS],
  ],
  [
    'throws',
    router(() => {
      throw new Error('Which way?');
    }),
    [ANSWERED, ADDED, ONE],
  ],
  ['taps nothing', sample(() => undefined), [ADDED]],
])('a router is caught that %s', async (_fault, plugin, caught) => {
  const failed = await failing(plugin);
  for (const name of caught) expect(failed).toContain(name);
});
