/** Says in words what was chosen and why, for `gatewright explain`, and what would be, for `gatewright plan`. */
import type { Target } from '@gatewright/core';
import { typical, type Asked } from './asked.ts';
import type { ModelPlan } from './model-plan.ts';
import { removalText, type Removal } from './removal.ts';

/** What these choose depends on each request, or on chance: a plan cannot say who is first. */
const BY_REQUEST: ReadonlySet<string> = new Set(['weighted', 'sticky', 'tags', 'round-robin']);

/** The strategy, each target in its place with the reason, and who was left out. */
export function notesOf(
  plan: ModelPlan,
  ordered: readonly Target[],
  removals: readonly Removal[],
  asked: Asked,
  plans: ReadonlyMap<string, ModelPlan>,
): string[] {
  const lines = ordered.map((target, index) => {
    const own = plans.get(target.of);
    const reason = own === undefined ? undefined : reasonOf(own, target, asked);
    const fallback = target.of === plan.model ? '' : `fallback ${target.of}: `;
    return `${index + 1}. ${fallback}${target.id}${reason === undefined ? '' : ` (${reason})`}`;
  });
  const out = removals.map((removal) => `left out by ${removal.by}: ${removalText(removal)}`);
  return [headOf(plan), ...lines, ...out];
}

/** What a plan says of a model: the strategy, and the order as it would be now for a typical request. */
export function planLines(plan: ModelPlan, targets: readonly Target[]): readonly string[] {
  const { strategies, strategy, checks, model } = plan;
  const asked = typical(model);
  const depends = strategies.some((name) => BY_REQUEST.has(name)) || plan.split !== undefined;
  const ordered = depends ? targets : strategy.order(targets, asked);
  const lines = ordered.map((target, index) => {
    const reason = strategies.includes('sticky') ? undefined : reasonOf(plan, target, asked);
    return `${depends ? '-' : `${index + 1}.`} ${target.id}${reason === undefined ? '' : ` (${reason})`}`;
  });
  const names = checks.map(({ name }) => name).filter((name) => name !== 'tags');
  const checking = names.length === 0 ? [] : [`checks ${names.join(', ')}`];
  return [headOf(plan), ...(targets.length > 1 ? lines : []), ...checking];
}

function headOf({ strategies, split, hedge, mirror }: ModelPlan): string {
  const parts = [
    `strategy ${strategies.join(', then ')}`,
    ...(split === undefined ? [] : ['split']),
    ...(hedge === undefined ? [] : [`hedged after ${hedge.delay} ms, ${hedge.most} at most`]),
    ...(mirror === undefined ? [] : [`${Math.round(mirror.share * 100)} % copied to ${mirror.model}`]),
  ];
  return parts.join('; ');
}

function reasonOf(plan: ModelPlan, target: Target, asked: Asked): string | undefined {
  const { strategy, ailment } = plan;
  const all = [strategy.reason(target, asked), ailment(target)];
  const reasons = all.filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
