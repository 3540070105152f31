/** What a reload from one configuration to another would change. */
import { isDeepStrictEqual } from 'node:util';
import type { NormalConfig, NormalModel, NormalPlugin } from '../config/normal.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ConfigChange, ConfigDetail as Detail } from '../reload.ts';
import { masked } from './masked.ts';
import { hookPlans } from './hooks.ts';
import { shownModel } from './settings.ts';

const SETTINGS = ['listen', 'workers', 'limits', 'load', 'timeouts', 'reload', 'health'] as const;

export function changesBetween(before: Kernel, after: Kernel): ConfigChange[] {
  return [
    ...listChanges('plugin', before.config.plugins, after.config.plugins, ({ id }) => id, pluginDetails),
    ...hookChanges(before, after),
    ...listChanges(
      'model',
      before.config.models,
      after.config.models,
      ({ name }) => name,
      (a, b) => {
        const shown = { before: shownModel(a, before.config.plugins), after: shownModel(b, after.config.plugins) };
        return modelDetails(a, b, shown);
      },
    ),
    ...settingChanges(before.config, after.config),
  ];
}

function listChanges<T>(
  what: string,
  before: readonly T[],
  after: readonly T[],
  nameOf: (one: T) => string,
  details: (before: T, after: T) => Detail[],
): ConfigChange[] {
  const old = new Map(before.map((one) => [nameOf(one), one]));
  const gone = new Set(old.keys());
  const changes: ConfigChange[] = [];
  for (const one of after) {
    const name = nameOf(one);
    const same = old.get(name);
    gone.delete(name);
    if (same === undefined) changes.push({ kind: 'add', what, name, details: [] });
    else {
      const found = details(same, one);
      if (found.length > 0) changes.push({ kind: 'change', what, name, details: found });
    }
  }
  return [...[...gone].map((name): ConfigChange => ({ kind: 'remove', what, name, details: [] })), ...changes];
}

function pluginDetails(before: NormalPlugin, after: NormalPlugin): Detail[] {
  const [a, b] = [before.plugin, after.plugin];
  const versions = differences({ package: a.name, version: a.version }, { package: b.name, version: b.version });
  const [old, fresh] = [before.options, after.options];
  const shown = { before: masked(a.options, old), after: masked(b.options, fresh) };
  // Compared as they are, so that a new key counts; shown as they may be.
  return [...versions, ...differences(old, fresh, 'with', shown)];
}

function modelDetails(before: NormalModel, after: NormalModel, shown: Sides): Detail[] {
  return differences(withoutPlaces(before), withoutPlaces(after), '', shown);
}

/** Lines of a file that have moved are no change. */
function withoutPlaces({ aliases, groups, targets, fallbacks, onFailure, with: own }: NormalModel): unknown {
  const settings = targets.map((target) => {
    const { position: _, ...settings } = target;
    return settings;
  });
  return { aliases, groups, targets: settings, fallbacks, onFailure, ...(own !== undefined && { with: own }) };
}

/** Hooks whose plugins stay and run in another order; those that came and went are told as plugins. */
function hookChanges(before: Kernel, after: Kernel): ConfigChange[] {
  const [old, fresh] = [orders(before, after), orders(after, before)];
  return [...fresh].flatMap(([hook, order]): ConfigChange[] => {
    const was = old.get(hook) ?? [];
    if (isDeepStrictEqual(was, order)) return [];
    return [{ kind: 'change', what: 'hook', name: hook, details: [{ path: 'order', before: was, after: order }] }];
  });
}

/** Of each hook, the plugins that the other kernel has as well. */
function orders(kernel: Kernel, others: Kernel): Map<string, string[]> {
  const known = new Set(others.config.plugins.map(({ id }) => id));
  const entries = hookPlans(kernel).map(({ hook, taps }): [string, string[]] => {
    return [hook, taps.map(({ plugin }) => plugin).filter((plugin) => known.has(plugin))];
  });
  return new Map(entries);
}

function settingChanges(before: NormalConfig, after: NormalConfig): ConfigChange[] {
  return SETTINGS.flatMap((name): ConfigChange[] => {
    const details = differences(before[name], after[name]);
    if (details.length === 0) return [];
    return [{ kind: 'change', what: 'setting', name, details, ...(name === 'workers' && { restart: true }) }];
  });
}

/** The places where two values differ, as deep down as they have the same shape; with `shown`, told by other values of that shape. */
export function differences(before: unknown, after: unknown, path = '', shown: Sides = { before, after }): Detail[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => {
      const step = Array.isArray(after) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      return differences(before[key], after[key], step, {
        before: inside(shown.before, key),
        after: inside(shown.after, key),
      });
    });
  }
  return [
    { path, ...(before !== undefined && { before: shown.before }), ...(after !== undefined && { after: shown.after }) },
  ];
}

interface Sides {
  readonly before: unknown;
  readonly after: unknown;
}

/** What is masked as a whole stands for everything in it. */
function inside(value: unknown, key: string): unknown {
  return isTree(value) ? value[key] : value;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
