/** Draws the order of targets by their weights. */
import type { Target } from '../route.ts';

/** A number from 0 up to, not including, 1. */
export type Random = () => number;

/** More targets than this are drawn in another way. */
const MANY = 16;
/** How often one is drawn that its weight does not allow, before all are walked over. */
const TRIES = 4;

/** A random order in which a target of weight 3 comes first three times as often as one of weight 1; weight 0 comes last. */
export function drawn(targets: readonly Target[], random: Random): Target[] {
  if (targets.length > MANY) return drawnOfMany(targets, random);
  const ordered = [...targets];
  const { length } = ordered;
  let sum = 0;
  for (const { weight } of ordered) sum += weight;
  // In place and without closures: this runs for every request.
  for (let place = 0; place < length - 1; place++) {
    const at = placeAt(ordered, place, random() * sum);
    const target = ordered[at] as Target;
    for (let next = at; next > place; next--) ordered[next] = ordered[next - 1] as Target;
    ordered[place] = target;
    sum -= target.weight;
  }
  return ordered;
}

/** Who comes first in such an order, without the others. */
export function drawnFirst(targets: readonly Target[], random: Random): Target | undefined {
  let sum = 0;
  for (const { weight } of targets) sum += weight;
  return targets[placeAt(targets, 0, random() * sum)];
}

/** The same for many: any of those left is taken as often as its weight allows, so that nobody walks over all of them. */
function drawnOfMany(targets: readonly Target[], random: Random): Target[] {
  const waiting: Target[] = [];
  const ordered: Target[] = [];
  let most = 0;
  for (const target of targets) {
    if (target.weight > 0) waiting.push(target);
    if (target.weight > most) most = target.weight;
  }
  for (let left = waiting.length; left > 0; left--) {
    let at = -1;
    for (let tries = 0; tries < TRIES && at < 0; tries++) {
      // One draw for both: its whole part says who, its fraction whether.
      const draw = random() * left;
      const who = Math.floor(draw);
      if ((draw - who) * most < (waiting[who] as Target).weight) at = who;
    }
    if (at < 0) {
      waiting.length = left;
      let sum = 0;
      most = 0;
      for (const { weight } of waiting) {
        sum += weight;
        most = Math.max(most, weight);
      }
      at = placeAt(waiting, 0, random() * sum);
    }
    ordered.push(waiting[at] as Target);
    waiting[at] = waiting[left - 1] as Target;
  }
  for (const target of targets) if (target.weight === 0) ordered.push(target);
  return ordered;
}

/** Which of the targets from a place on the mark falls to; where only those without weight are left, the first. */
function placeAt(targets: readonly Target[], place: number, mark: number): number {
  let rest = mark;
  let last = place;
  for (let at = place; at < targets.length; at++) {
    const { weight } = targets[at] as Target;
    rest -= weight;
    if (rest < 0) return at;
    if (weight > 0) last = at;
  }
  // Sums of fractions are not exact: a mark may be a hair behind the end.
  return last;
}
