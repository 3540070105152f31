/** The cost of the hook engine: taps that do nothing, and points that nobody taps. */
import { systemClock } from '../../core/src/clock.ts';
import { HookRegistry, type OperationHooks } from '../../core/src/hooks/registry.ts';
import type { Route } from '../../core/src/route.ts';
import type { MicroCase } from './micro.ts';

const CALLS = 1000;
const ROUTE: Route = { targets: [] };
const HOLDER = { trace: undefined };

/** The hooks of a chat when each of the hooks has so many empty taps. */
function hooksWith(taps: number): OperationHooks {
  const registry = new HookRegistry(systemClock, 30_000, () => undefined);
  const ids = new Set<string>();
  for (let number = 1; number <= taps; number++) {
    const id = `empty-${number}`;
    ids.add(id);
    const points = registry.pointsFor({ id, where: 'bench' });
    points.route.tap((route) => route);
    points.log.tap(() => undefined);
  }
  registry.seal(ids);
  return registry.of('chat');
}

export function hookCases(): MicroCase[] {
  return [nobody(), sync(), ...[1, 8].map((taps) => series(taps, false)), ...[1, 8].map((taps) => series(taps, true))];
}

function nobody(): MicroCase {
  const hooks = hooksWith(0);
  let tapped = 0;
  return {
    name: 'a hook point that nobody taps',
    per: 'call',
    count: CALLS,
    run() {
      for (let call = 0; call < CALLS; call++) if (hooks.route !== undefined) tapped++;
      if (tapped > 0) throw new Error('Somebody taps.');
    },
  };
}

function sync(): MicroCase {
  const { log } = hooksWith(8);
  return {
    name: 'an empty synchronous tap (log), of 8',
    per: 'tap',
    count: CALLS * log.length,
    run() {
      for (let call = 0; call < CALLS; call++) for (const tap of log) tap.runSync(HOLDER, ROUTE);
    },
  };
}

/** With `whole`, the figure is that of the call with all its taps; else of one tap. */
function series(taps: number, whole: boolean): MicroCase {
  const { route } = hooksWith(taps);
  return {
    name: whole ? `a series (route) of ${taps} empty taps, awaited` : `an empty tap in a series (route) of ${taps}`,
    per: whole ? 'call' : 'tap',
    count: whole ? CALLS : CALLS * taps,
    async run() {
      for (let call = 0; call < CALLS; call++) await route?.run(ROUTE, HOLDER);
    },
  };
}
