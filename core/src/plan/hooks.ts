/** The order in which the taps of each hook run, with the reasons. */
import type { HookName } from '../hooks/checks.ts';
import { REVERSED } from '../hooks/registry.ts';
import type { Stage } from '../hooks/points.ts';
import type { OnError } from '../hooks/tap.ts';
import type { Kernel } from '../kernel/kernel.ts';

export interface TapPlan {
  readonly plugin: string;
  readonly where: string;
  readonly stage: Stage;
  /** The plugin's place among the plugins of the configuration, from 1. */
  readonly place: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** undefined: all operations. */
  readonly operations: readonly string[] | undefined;
  /** Milliseconds; 0: no limit of its own. */
  readonly timeout: number;
  readonly onError: OnError;
}

export interface HookPlan {
  readonly hook: HookName;
  /** The response side runs against the order of the configuration. */
  readonly reversed: boolean;
  /** In the order they run. */
  readonly taps: readonly TapPlan[];
}

/** As an exchange meets them. */
const HOOKS: readonly HookName[] = [
  'auth',
  'transform.request',
  'call.answer',
  'route',
  'meter.reserve',
  'transform.event',
  'transform.response',
  'meter.settle',
  'log',
];

/** The hooks that anybody taps, in the order in which an exchange meets them. Providers are no taps of this kind. */
export function hookPlans({ hooks, config }: Kernel): HookPlan[] {
  const places = new Map(config.plugins.map(({ id }, index) => [id, index + 1]));
  return HOOKS.map((hook): HookPlan => {
    const taps = hooks.list(hook).map(({ spec }): TapPlan => {
      const { plugin, stage, before, after, operations, timeout } = spec;
      const place = places.get(plugin.id) ?? 0;
      const { id, where, onError = 'refuse' } = plugin;
      return { plugin: id, where, stage, place, before, after, operations, timeout, onError };
    });
    return { hook, reversed: REVERSED.has(hook), taps };
  }).filter(({ taps }) => taps.length > 0);
}

/** Why a tap runs where it does, in words. */
export function reasonOf(tap: TapPlan, { reversed }: HookPlan): string {
  const reasons = [
    ...(tap.stage === 'normal' ? [] : [`stage ${tap.stage}`]),
    `${reversed ? 'reversed ' : ''}config order (no. ${tap.place})`,
    ...tap.before.map((id) => `wants to be before ${id}`),
    ...tap.after.map((id) => `wants to be after ${id}`),
    ...(tap.operations === undefined ? [] : [`only ${tap.operations.join(', ')}`]),
    ...(tap.onError === 'skip' ? ['left out where it fails'] : []),
  ];
  return reasons.join('; ');
}
