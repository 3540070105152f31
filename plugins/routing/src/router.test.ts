/** The router: each model by its own plan, fallbacks behind, and errors that say what removed whom. */
import type { Hedge, Target } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import type { Check } from './checks/check.ts';
import { planLines } from './explanation.ts';
import type { ModelPlan } from './model-plan.ts';
import { asked, chain, ids, target, targets, type Given } from './rig.test.kit.ts';
import { Router } from './router.ts';
import { Ordered } from './strategies/ordered.ts';
import { Tags } from './strategies/tags.ts';
import { weighted } from './strategies/weighted.ts';

const HEDGE: Hedge = { delay: 500, most: 2 };

function plan(model: string, more: Partial<ModelPlan> = {}): ModelPlan {
  return {
    model,
    strategies: ['weighted'],
    strategy: chain(weighted),
    byChance: more.strategy === undefined,
    checks: [],
    split: undefined,
    mirror: undefined,
    hedge: undefined,
    ailment: () => undefined,
    ...more,
  };
}

/** Leaves out the targets that are named. */
function without(name: Check['name'], ...out: string[]): Check {
  return {
    name,
    look:
      () =>
      ({ id }) =>
        out.includes(id) ? `fails ${name}` : undefined,
  };
}

const router = (...plans: ModelPlan[]): Router => new Router(new Map(plans.map((one) => [one.model, one])));
const reversed = new Ordered(['p/3', 'p/2', 'p/1']);
const FALLBACKS = [target('q/1', { of: 'spare' }), target('q/2', { of: 'spare' })];

function failureOf(run: () => unknown): { code?: string; message?: string; status?: number } {
  try {
    run();
  } catch (error) {
    return error as { code: string };
  }
  return {};
}

describe('the order', () => {
  test('where nothing is to be done, the route is the very same', () => {
    const route = { targets: targets(3) };
    expect(router(plan('smart')).route(route, asked())).toBe(route);
    expect(router().route(route, asked())).toBe(route);
    expect(router(plan('smart')).route({ targets: [] }, asked())).toEqual({ targets: [] });
  });

  test('each model has its own strategy, and fallbacks stay behind', () => {
    const plans = [
      plan('smart', { strategy: chain(reversed) }),
      plan('spare', { strategy: chain(new Ordered(['q/2', 'q/1'])) }),
    ];
    const route = router(...plans).route({ targets: [...targets(3), ...FALLBACKS] }, asked());
    expect(ids(route.targets)).toEqual(['p/3', 'p/2', 'p/1', 'q/2', 'q/1']);
  });

  test('a fallback that nobody plans stays as it was', () => {
    const route = router(plan('smart', { strategy: chain(reversed) })).route(
      { targets: [...targets(3), ...FALLBACKS] },
      asked(),
    );
    expect(ids(route.targets)).toEqual(['p/3', 'p/2', 'p/1', 'q/1', 'q/2']);
  });

  test('what else a route says is kept', () => {
    const route = { targets: targets(3), hedge: HEDGE };
    expect(router(plan('smart', { strategy: chain(reversed) })).route(route, asked()).hedge).toBe(HEDGE);
  });
});

describe('hedges', () => {
  test('are those of the model that was asked for, where there are two targets', () => {
    const hedged = router(plan('smart', { hedge: HEDGE }), plan('spare'));
    expect(hedged.route({ targets: targets(2) }, asked()).hedge).toEqual(HEDGE);
    expect(hedged.route({ targets: targets(1) }, asked()).hedge).toBeUndefined();
    expect(hedged.route({ targets: FALLBACKS }, asked()).hedge).toBeUndefined();
    expect(
      router(plan('smart'), plan('spare', { hedge: HEDGE })).route({ targets: targets(2) }, asked()).hedge,
    ).toBeUndefined();
  });
});

describe('what is left out', () => {
  const CHECKS = [without('region', 'p/1'), without('context', 'p/1', 'p/2')];

  test('each check sees what those before it left', () => {
    expect(ids(router(plan('smart', { checks: CHECKS })).route({ targets: targets(3) }, asked()).targets)).toEqual([
      'p/3',
    ]);
  });

  test('fallbacks are checked as well, by what their own model wants', () => {
    const plans = [
      plan('smart', { checks: [without('context', 'p/1')] }),
      plan('spare', { checks: [without('region', 'q/2')] }),
    ];
    const route = router(...plans).route({ targets: [...targets(1), ...FALLBACKS] }, asked());
    expect(ids(route.targets)).toEqual(['q/1']);
  });

  test('where none is left, the error says which check removed which target', () => {
    const failure = failureOf(() => router(plan('smart', { checks: CHECKS })).route({ targets: targets(2) }, asked()));
    expect(failure).toMatchObject({ code: 'GW_UNSUPPORTED', status: 400 });
    expect(failure.message).toBe(
      'No target of the model "smart" can serve this request: p/1 fails region; p/2 fails context.',
    );
  });

  test('where all were too small, it is the length', () => {
    const checks = [without('context', 'p/1', 'p/2')];
    const failure = failureOf(() => router(plan('smart', { checks })).route({ targets: targets(2) }, asked()));
    expect(failure).toMatchObject({ code: 'GW_CONTEXT_LENGTH', status: 400 });
  });

  test('of many, some are named and the others counted', () => {
    const list = targets(100);
    const checks = [without('context', ...ids(list))];
    const { message = '' } = failureOf(() => router(plan('smart', { checks })).route({ targets: list }, asked()));
    expect(message).toContain('p/8 fails context; and 92 more.');
    expect(message).not.toContain('p/9');
  });

  test('what tags leave out counts as left out', () => {
    const tags = new Tags(({ id }) => (id === 'p/2' ? ['a'] : ['b']), 'x-tags');
    const tagged = router(plan('smart', { strategies: ['tags'], strategy: chain(tags), checks: [tags] }));
    const given: Given = { headers: { 'x-tags': 'a' } };
    expect(ids(tagged.route({ targets: targets(3) }, asked(given)).targets)).toEqual(['p/2']);
    expect(failureOf(() => tagged.route({ targets: targets(2) }, asked({ headers: { 'x-tags': 'c' } })))).toMatchObject(
      {
        code: 'GW_UNSUPPORTED',
        message:
          'No target of the model "smart" can serve this request: p/1 is for b; asked for c; p/2 is for a; asked for c.',
      },
    );
  });
});

describe('in words', () => {
  const explained = (plans: ModelPlan[], list: readonly Target[]): readonly string[] | undefined => {
    const trace: { steps: never[]; notes?: string[] } = { steps: [] };
    failureOf(() => router(...plans).route({ targets: list }, asked({ trace })));
    return trace.notes;
  };

  test('an explanation names the strategy, each target with its reason, and who was left out and why', () => {
    const strategies = ['ordered'] as const;
    const plans = [
      plan('smart', {
        strategies,
        strategy: chain(reversed),
        checks: [without('region', 'p/2')],
        hedge: HEDGE,
        mirror: { model: 'm', share: 0.5 },
      }),
      plan('spare'),
    ];
    expect(explained(plans, [...targets(3), ...FALLBACKS])).toEqual([
      'strategy ordered; hedged after 500 ms, 2 at most; 50 % copied to m',
      '1. p/3 (no. 1 in the configuration)',
      '2. p/1 (no. 3 in the configuration)',
      '3. fallback spare: q/1 (weight 1)',
      '4. fallback spare: q/2 (weight 1)',
      'left out by region: p/2 fails region',
    ]);
  });

  test('a target whose breaker is open is said to have one', () => {
    const ailment = ({ id }: Target): string | undefined => (id === 'p/1' ? 'breaker open: 5 in a row' : undefined);
    expect(explained([plan('smart', { ailment })], targets(2))?.slice(1)).toEqual([
      '1. p/1 (weight 1; breaker open: 5 in a row)',
      '2. p/2 (weight 1)',
    ]);
  });

  test('also where none is left', () => {
    expect(explained([plan('smart', { checks: [without('context', 'p/1')] })], targets(1))).toEqual([
      'strategy weighted',
      'left out by context: p/1 fails context',
    ]);
  });

  test('a plan says the order where it depends on no request', () => {
    const checks = [without('region'), without('context')];
    expect(
      planLines(plan('smart', { strategies: ['ordered'], strategy: chain(reversed), checks }), targets(2)),
    ).toEqual([
      'strategy ordered',
      '1. p/2 (no. 2 in the configuration)',
      '2. p/1 (no. 3 in the configuration)',
      'checks region, context',
    ]);
    expect(planLines(plan('smart'), targets(2))).toEqual(['strategy weighted', '- p/1 (weight 1)', '- p/2 (weight 1)']);
    expect(planLines(plan('smart'), targets(1))).toEqual(['strategy weighted']);
  });
});
