/** Chooses the targets of an exchange: each model's by its own strategy, without those that cannot serve the request. */
import { firstOf, Offer, type Route, type Target } from '@gatewright/core';
import type { Asked } from './asked.ts';
import { Choice } from './choice.ts';
import { notesOf } from './explanation.ts';
import type { ModelPlan } from './model-plan.ts';
import { noneLeft, type Removal } from './removal.ts';

export class Router {
  readonly #plans: ReadonlyMap<string, ModelPlan>;

  /** `plans` by the names of the models, patterns included. */
  constructor(plans: ReadonlyMap<string, ModelPlan>) {
    this.#plans = plans;
  }

  /** The plan of the model that was asked for; undefined where an earlier tap has left none of its targets. */
  planOf(route: Route): ModelPlan | undefined {
    const one = route instanceof Offer ? route.lists[0]?.[0] : firstOf(route);
    return one === undefined ? undefined : this.#plans.get(one.of);
  }

  /** Throws `GW_CONTEXT_LENGTH` or `GW_UNSUPPORTED` where no target is left, with what removed each of them. */
  route(route: Route, asked: Asked): Route {
    const plan = this.planOf(route);
    if (plan === undefined) return route;
    const hedge = plan.hedge ?? route.hedge;
    // Who explains looks at all of them anyway.
    if (asked.trace !== undefined) return this.#explained(route, plan, asked);
    const drawn = !(route instanceof Offer);
    const groups = drawn ? groupsOf(route.targets) : route.lists;
    if (hedge === undefined && this.#leavesAll(groups, asked)) return route;
    const first = this.#first(groups, asked, drawn);
    if (first === undefined) throw noneLeft(asked.model, this.#removals(groups, asked));
    return new Choice(first, () => this.#ordered(route.targets, asked, [], first), hedge);
  }

  #explained(route: Route, plan: ModelPlan, asked: Asked): Route {
    const removals: Removal[] = [];
    const targets = this.#ordered(route.targets, asked, removals);
    if (asked.trace !== undefined) asked.trace.notes = notesOf(plan, targets, removals, asked, this.#plans);
    if (targets.length === 0) throw noneLeft(asked.model, removals);
    const hedge = targets.length > 1 ? (plan.hedge ?? route.hedge) : undefined;
    return { targets, ...(hedge !== undefined && { hedge }) };
  }

  /** Whether chance alone decides, and nobody is left out: as the core does without this plugin. */
  #leavesAll(groups: readonly (readonly Target[])[], asked: Asked): boolean {
    for (const group of groups) {
      const plan = this.#plans.get(group[0]?.of ?? '');
      if (plan === undefined) continue;
      if (!plan.byChance) return false;
      for (const check of plan.checks) if (check.look(group, asked) !== undefined) return false;
    }
    return true;
  }

  /** Of the first model that has one: the targets of fallbacks stay behind those of the model that was asked for. */
  #first(groups: readonly (readonly Target[])[], asked: Asked, drawn: boolean): Target | undefined {
    for (const group of groups) {
      const plan = this.#plans.get(group[0]?.of ?? '');
      const first = plan === undefined ? group[0] : plan.strategy.first(checked(group, plan, asked), asked, drawn);
      if (first !== undefined) return first;
    }
    return undefined;
  }

  #removals(groups: readonly (readonly Target[])[], asked: Asked): readonly Removal[] {
    const removals: Removal[] = [];
    for (const group of groups) {
      const plan = this.#plans.get(group[0]?.of ?? '');
      if (plan !== undefined) checked(group, plan, asked, removals);
    }
    return removals;
  }

  /** All that can serve it; behind `first`, where it has been chosen. */
  #ordered(targets: readonly Target[], asked: Asked, removals: Removal[], first?: Target): readonly Target[] {
    const order = (group: readonly Target[]): readonly Target[] => {
      const of = group[0]?.of ?? '';
      const plan = this.#plans.get(of);
      if (plan === undefined) return group;
      const able = checked(group, plan, asked, removals);
      return first?.of === of ? plan.strategy.order(able, asked, first) : plan.strategy.order(able, asked);
    };
    const groups = groupsOf(targets);
    return groups.length === 1 ? order(targets) : groups.flatMap(order);
  }
}

/** The targets of each model, as they follow each other. */
function groupsOf(targets: readonly Target[]): readonly (readonly Target[])[] {
  const groups: (readonly Target[])[] = [];
  let from = 0;
  for (let to = 1; to <= targets.length; to++) {
    if (to < targets.length && targets[to]?.of === targets[from]?.of) continue;
    groups.push(from === 0 && to === targets.length ? targets : targets.slice(from, to));
    from = to;
  }
  return groups;
}

function checked(
  group: readonly Target[],
  { checks }: ModelPlan,
  asked: Asked,
  removals?: Removal[],
): readonly Target[] {
  let able = group;
  for (const check of checks) {
    if (able.length === 0) return able;
    const judge = check.look(able, asked);
    if (judge === undefined) continue;
    able = able.filter((target) => {
      const why = judge(target);
      if (why !== undefined) removals?.push({ target, by: check.name, why });
      return why === undefined;
    });
  }
  return able;
}
