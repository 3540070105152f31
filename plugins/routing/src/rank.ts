/** Puts things in the order of their scores, the lowest first: fast enough to be done for every request. */

/** Scores are spread over so many buckets before they are compared; those of Infinity have the last to themselves. */
const BUCKETS = 256;
/** More things than this may crowd in one bucket, and are sorted in the plain way. */
const MOST = 512;

let scratch = new Float64Array(0);
const buckets = new Uint8Array(MOST);
const places = new Uint16Array(MOST);
const starts = new Uint16Array(BUCKETS + 1);

/** Room for so many scores or more, to be filled at once and given to {@link ranked}: it is the same room each time. */
export function scoresFor(length: number): Float64Array {
  if (scratch.length < length) scratch = new Float64Array(length);
  return scratch;
}

/** The items with the lowest score, as they were. */
export function lowest<T>(items: readonly T[], scores: Float64Array): readonly T[] {
  const { length } = items;
  let place = 0;
  let count = 1;
  for (let at = 1; at < length; at++) {
    const score = scores[at] as number;
    if (score < (scores[place] as number)) {
      place = at;
      count = 1;
    } else if (score === scores[place]) count++;
  }
  if (count === length) return items;
  if (count === 1) return items.slice(place, place + 1);
  const low = scores[place];
  return items.filter((_, at) => scores[at] === low);
}

/** The items by their scores, one for each; equal ones stay as they were. A score of Infinity comes last. */
export function ranked<T>(items: readonly T[], scores: Float64Array): readonly T[] {
  const { length } = items;
  if (isInOrder(scores, length)) return items;
  if (length > MOST) return byComparison(items, scores);
  spread(scores, length);
  const ordered: T[] = [];
  for (let at = 0; at < length; at++) {
    const place = places[at] as number;
    const score = scores[place] as number;
    let to = at;
    // Those of one bucket came as they were.
    for (; to > 0 && (scores[places[to - 1] as number] as number) > score; to--) {
      places[to] = places[to - 1] as number;
      ordered[to] = ordered[to - 1] as T;
    }
    places[to] = place;
    ordered[to] = items[place] as T;
  }
  return ordered;
}

/** Fills `places` with the places of the scores, bucket by bucket. */
function spread(scores: Float64Array, length: number): void {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let at = 0; at < length; at++) {
    const score = scores[at] as number;
    if (score < lowest) lowest = score;
    if (score > highest && score !== Infinity) highest = score;
  }
  const scale = highest > lowest ? (BUCKETS - 2) / (highest - lowest) : 0;
  starts.fill(0);
  for (let at = 0; at < length; at++) {
    const score = scores[at] as number;
    const bucket = score === Infinity ? BUCKETS - 1 : Math.floor((score - lowest) * scale);
    buckets[at] = bucket;
    starts[bucket + 1] = (starts[bucket + 1] as number) + 1;
  }
  for (let bucket = 1; bucket < BUCKETS; bucket++) {
    starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number);
  }
  for (let at = 0; at < length; at++) {
    const bucket = buckets[at] as number;
    const place = starts[bucket] as number;
    starts[bucket] = place + 1;
    places[place] = at;
  }
}

function isInOrder(scores: Float64Array, length: number): boolean {
  for (let at = 1; at < length; at++) if ((scores[at] as number) < (scores[at - 1] as number)) return false;
  return true;
}

function byComparison<T>(items: readonly T[], scores: Float64Array): readonly T[] {
  const order = items.map((_, at) => at);
  const score = (at: number): number => scores[at] as number;
  // Infinity minus itself is no number.
  order.sort((a, b) => (score(a) < score(b) ? -1 : score(a) > score(b) ? 1 : a - b));
  return order.map((at) => items[at] as T);
}
