/** Finds what somebody probably meant. */
import { closest, distance } from 'fastest-levenshtein';

/** The candidate that `word` is probably a misspelling of; undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const lower = word.toLowerCase();
  const best = closest(
    lower,
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  // Two letters swapped count as two slips.
  const slips = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  if (distance(lower, best) > slips) return undefined;
  return candidates.find((candidate) => candidate.toLowerCase() === best);
}
