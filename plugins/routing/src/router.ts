/** Orders the targets of an exchange: each model's by its own strategy, without those that cannot serve the request. */
import type { Route, Target } from '@gatewright/core';
import type { Asked } from './asked.ts';
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
  planOf({ targets }: Route): ModelPlan | undefined {
    const [first] = targets;
    return first === undefined ? undefined : this.#plans.get(first.of);
  }

  /** Throws `GW_CONTEXT_LENGTH` or `GW_UNSUPPORTED` where no target is left, with what removed each of them. */
  route(route: Route, asked: Asked): Route {
    const { targets } = route;
    const plan = this.planOf(route);
    if (plan === undefined) return route;
    const removals: Removal[] = [];
    const ordered = this.#ordered(targets, asked, removals);
    if (asked.trace !== undefined) asked.trace.notes = notesOf(plan, ordered, removals, asked, this.#plans);
    if (ordered.length === 0) throw noneLeft(asked.model, removals);
    const hedge = ordered.length > 1 ? plan.hedge : undefined;
    if (ordered === targets && hedge === undefined) return route;
    return hedge === undefined ? { ...route, targets: ordered } : { ...route, targets: ordered, hedge };
  }

  /** The targets of fallbacks stay behind those of the model that was asked for. */
  #ordered(targets: readonly Target[], asked: Asked, removals: Removal[]): readonly Target[] {
    const { length } = targets;
    let from = 0;
    let ordered: Target[] | undefined;
    while (from < length) {
      const { of } = targets[from] as Target;
      let to = from + 1;
      while (to < length && (targets[to] as Target).of === of) to++;
      const group = from === 0 && to === length ? targets : targets.slice(from, to);
      const arranged = this.#arranged(group, this.#plans.get(of), asked, removals);
      if (group === targets) return arranged;
      ordered ??= [];
      ordered.push(...arranged);
      from = to;
    }
    return ordered ?? targets;
  }

  #arranged(
    group: readonly Target[],
    plan: ModelPlan | undefined,
    asked: Asked,
    removals: Removal[],
  ): readonly Target[] {
    if (plan === undefined) return group;
    const able = checked(group, plan, asked, removals);
    if (able.length === 0) return able;
    const ordered = plan.strategy.order(able, asked);
    if (ordered.length < able.length) {
      for (const target of able) {
        if (ordered.includes(target)) continue;
        removals.push({ target, by: 'tags', why: plan.strategy.reason?.(target, asked) ?? 'not for this request' });
      }
    }
    return plan.split === undefined ? ordered : plan.split.order(ordered, asked);
  }
}

function checked(
  group: readonly Target[],
  { checks }: ModelPlan,
  asked: Asked,
  removals: Removal[],
): readonly Target[] {
  let able = group;
  for (const check of checks) {
    if (able.length === 0) return able;
    const judge = check.look(able, asked);
    if (judge === undefined) continue;
    able = able.filter((target) => {
      const why = judge(target);
      if (why !== undefined) removals.push({ target, by: check.name, why });
      return why === undefined;
    });
  }
  return able;
}
