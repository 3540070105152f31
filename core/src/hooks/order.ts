/** The order of a hook's taps: bands, then config order, then `before` and `after` inside a band. */
import type { TapSpec } from './tap.ts';

const STAGES = ['early', 'normal', 'late'] as const;

/** An ordering wish that cannot be met, in a sentence that names who wished it. */
export type OrderProblem = { readonly plugin: string; readonly message: string };

/** The taps in the order they run. Constraints that name unknown plugins, other bands or circles become problems. */
export function orderTaps(
  taps: readonly TapSpec[],
  pluginIds: ReadonlySet<string>,
  problems: OrderProblem[],
): TapSpec[] {
  const ordered: TapSpec[] = [];
  for (const stage of STAGES) {
    const band = taps.filter((tap) => tap.stage === stage);
    const edges = collectEdges(band, taps, pluginIds, problems);
    ordered.push(...sortBand(band, edges, problems));
  }
  return ordered;
}

/** For each tap of a band: the taps that must come before it. */
function collectEdges(
  band: readonly TapSpec[],
  taps: readonly TapSpec[],
  pluginIds: ReadonlySet<string>,
  problems: OrderProblem[],
): Map<TapSpec, Set<TapSpec>> {
  const edges = new Map<TapSpec, Set<TapSpec>>(band.map((tap) => [tap, new Set()]));
  for (const tap of band) {
    for (const [word, names] of [
      ['before', tap.before],
      ['after', tap.after],
    ] as const) {
      for (const name of names) {
        const others = band.filter((other) => other.plugin.id === name && other !== tap);
        if (others.length === 0) problems.push(unhonoured(tap, word, name, taps, pluginIds));
        for (const other of others) edges.get(word === 'before' ? other : tap)?.add(word === 'before' ? tap : other);
      }
    }
  }
  return edges;
}

function unhonoured(
  tap: TapSpec,
  word: 'before' | 'after',
  name: string,
  taps: readonly TapSpec[],
  pluginIds: ReadonlySet<string>,
): OrderProblem {
  const wish = `Plugin "${tap.plugin.id}" (${tap.plugin.where}) wants its tap of hook ${tap.hook} to run ${word} "${name}"`;
  const elsewhere = taps.find((other) => other.plugin.id === name);
  if (elsewhere !== undefined) {
    return {
      plugin: tap.plugin.id,
      message: `${wish}, but that runs in the stage "${elsewhere.stage}", not "${tap.stage}".`,
    };
  }
  if (pluginIds.has(name)) {
    return { plugin: tap.plugin.id, message: `${wish}, but that plugin has no tap of this hook.` };
  }
  const known = [...pluginIds].join(', ');
  return { plugin: tap.plugin.id, message: `${wish}, but there is no plugin of that id. There are: ${known}.` };
}

/** Stable: always takes the first tap in config order whose predecessors have been placed. */
function sortBand(band: readonly TapSpec[], edges: Map<TapSpec, Set<TapSpec>>, problems: OrderProblem[]): TapSpec[] {
  const waiting = [...band];
  const placed = new Set<TapSpec>();
  while (waiting.length > 0) {
    const at = waiting.findIndex((tap) => [...(edges.get(tap) ?? [])].every((other) => placed.has(other)));
    if (at < 0) {
      const names = waiting.map((tap) => `"${tap.plugin.id}"`).join(', ');
      const first = waiting[0] as TapSpec;
      problems.push({
        plugin: first.plugin.id,
        message: `The before/after wishes of ${names} for hook ${first.hook} contradict each other.`,
      });
      return [...placed, ...waiting];
    }
    placed.add(waiting[at] as TapSpec);
    waiting.splice(at, 1);
  }
  return [...placed];
}
