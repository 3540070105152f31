/** Puts things in the order of their scores, the lowest first: fast enough to be done for every request. */

/** Steps that the range of scores is cut into; scores that fall into one step count as equal. */
const STEPS = 2 ** 41;
/** For more things than this, steps and places no longer fit into one number. */
const MOST = 1024;

/** The items by their scores, one for each; equal ones stay as they were. A score of Infinity comes last. */
export function ranked<T>(items: readonly T[], scores: Float64Array): readonly T[] {
  const { length } = items;
  if (isInOrder(scores, length)) return items;
  if (length > MOST) return byComparison(items, scores);
  let [lowest, highest] = [Infinity, -Infinity];
  for (let at = 0; at < length; at++) {
    const score = scores[at] as number;
    if (score === Infinity) continue;
    if (score < lowest) lowest = score;
    if (score > highest) highest = score;
  }
  // The step and the place in one number: sorting plain numbers needs no comparator, which is what sorting costs.
  const scale = highest > lowest ? (STEPS - 1) / (highest - lowest) : 0;
  for (let at = 0; at < length; at++) {
    const score = scores[at] as number;
    const step = score === Infinity ? STEPS : Math.floor((score - lowest) * scale);
    scores[at] = step * MOST + at;
  }
  scores.sort();
  const ordered: T[] = [];
  for (let at = 0; at < length; at++) {
    const key = scores[at] as number;
    ordered.push(items[key - Math.floor(key / MOST) * MOST] as T);
  }
  return ordered;
}

function isInOrder(scores: Float64Array, length: number): boolean {
  for (let at = 1; at < length; at++) if ((scores[at] as number) < (scores[at - 1] as number)) return false;
  return true;
}

function byComparison<T>(items: readonly T[], scores: Float64Array): readonly T[] {
  const places = items.map((_, at) => at);
  const score = (at: number): number => scores[at] as number;
  // Infinity minus itself is no number.
  places.sort((a, b) => (score(a) < score(b) ? -1 : score(a) > score(b) ? 1 : a - b));
  return places.map((at) => items[at] as T);
}
