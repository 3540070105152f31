/** What the plugin does with one model, put together from the options of the plugin, the model and its targets. */
import type { Health, Hedge, Target } from '@gatewright/core';
import { CapabilityCheck } from './checks/capabilities.ts';
import type { Check } from './checks/check.ts';
import { ContextCheck } from './checks/context.ts';
import { RegionCheck } from './checks/region.ts';
import type { MirrorOptions } from './mirror.ts';
import type { ModelOptions, Options, StrategyName, TargetOptions } from './options.ts';
import { Split } from './split.ts';
import { Chain } from './strategies/chain.ts';
import { Tags } from './strategies/tags.ts';
import { weighted } from './strategies/weighted.ts';
import type { StrategyShelf } from './strategy-shelf.ts';

export interface ModelPlan {
  readonly model: string;
  readonly strategies: readonly StrategyName[];
  /** Those strategies, and before them the split. */
  readonly strategy: Chain;
  /** No strategy and no split has a say. */
  readonly byChance: boolean;
  readonly checks: readonly Check[];
  readonly split: Split | undefined;
  readonly mirror: MirrorOptions | undefined;
  readonly hedge: Hedge | undefined;
  /** What is known of a target's health, in words; undefined where it is well. */
  readonly ailment: (target: Target) => string | undefined;
}

/** What a plan is made from. */
export interface PlanParts {
  readonly model: string;
  /** The ids of the model's targets in the order of the configuration. */
  readonly ids: readonly string[];
  readonly options: Options;
  readonly own: ModelOptions;
  readonly shelf: StrategyShelf;
  readonly windowOf: (target: Target) => number | undefined;
  readonly settingsOf: (target: Target) => TargetOptions | undefined;
  /** The model goes elsewhere with what is too long. */
  readonly hasSpares: boolean;
  readonly random: () => number;
  readonly health: Health | undefined;
}

export function planOf(parts: PlanParts): ModelPlan {
  const { model, ids, options, own, shelf, settingsOf, random, health } = parts;
  const strategies = [own.strategy ?? options.strategy].flat();
  const hedge = own.hedge ?? options.hedge;
  const split =
    own.split && new Split(own.split, (target) => groupOf(target, settingsOf(target)), shelf.sessions, random);
  const deciding = strategies.map((name) => shelf.strategyOf(name, model, ids));
  return {
    model,
    strategies,
    strategy: new Chain(split === undefined ? deciding : [split, ...deciding], random),
    byChance: split === undefined && deciding.every((one) => one === weighted),
    checks: [...checksOf(parts), ...deciding.filter((one) => one instanceof Tags)],
    split,
    mirror: own.mirror,
    hedge: hedge === undefined || hedge === false ? undefined : { delay: hedge.after, most: hedge.most },
    ailment: ({ id }) => ailmentOf(id, health),
  };
}

function ailmentOf(target: string, health: Health | undefined): string | undefined {
  const known = health?.of(target);
  if (known === undefined || known.state === 'closed') return undefined;
  return known.reason === undefined ? `breaker ${known.state}` : `breaker ${known.state}: ${known.reason}`;
}

/** The group that a split knows a target by. */
export function groupOf({ id }: { readonly id: string }, settings: TargetOptions | undefined): string {
  return settings?.group ?? id;
}

function checksOf({ options, own, windowOf, settingsOf, hasSpares }: PlanParts): readonly Check[] {
  const on = { ...options.checks, ...own.checks };
  return [
    ...(on.region ? [new RegionCheck((target) => settingsOf(target)?.region, options.regionHeader)] : []),
    ...(on.capabilities ? [new CapabilityCheck((target) => settingsOf(target)?.capabilities)] : []),
    ...(on.context ? [new ContextCheck(windowOf, hasSpares)] : []),
  ];
}
