/** What guards the targets of a model, in lines for `gatewright plan`. */
import { seconds } from './breaker.ts';
import type { Named, Terms, TermsBook } from './terms.ts';

export function describeTerms(book: TermsBook, targets: readonly Named[], providers: boolean): readonly string[] {
  const alike = Map.groupBy(targets, (target) => words(book.of(target)));
  const lines = [...alike].map(([text, ones]) => `${ones.map(({ id }) => id).join(', ')}: ${text}`);
  return providers && lines.length > 0 ? [...lines, 'failing connections open a provider as a whole'] : lines;
}

function words({ enabled, failures, rate, calls, window, pause, longest, probes, successes, check }: Terms): string {
  if (!enabled) return 'no breaker';
  const opens = `opens after ${failures} failures in a row, or when ${Math.round(rate * 100)} % of ${calls} or more calls fail within ${seconds(window)}`;
  const stays = pause === longest ? seconds(pause) : `${seconds(pause)} to ${seconds(longest)}`;
  const checked = check === undefined ? '' : `; checks ${check.url} every ${seconds(check.every)}`;
  return `a breaker ${opens}; stays open ${stays}, then ${probes} at once may try, and ${successes} successes close it${checked}`;
}
