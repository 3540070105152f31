/** The plan of a gateway: what its configuration amounts to, as data. */
import type { Capabilities } from '../capabilities.ts';
import type { NormalConfig, NormalModel, NormalPlugin, NormalTarget, PluginSettings } from '../config/normal.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { freezeTarget } from '../kernel/models.ts';
import { describePosition } from '../kernel/position.ts';
import type { ServiceName } from '../services.ts';
import { placementOf, type Placement } from '../workers/placement.ts';
import { masked } from './masked.ts';
import { hookPlans, type HookPlan } from './hooks.ts';
import { replyPlans, type ReplyPlan } from './replies.ts';
import { shownModel } from './settings.ts';

export interface PluginPlan {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly where: string;
  /** Where it lives when several processes serve: in each of them, once in the primary, or nowhere. */
  readonly lives: Placement;
  readonly brings: Brought;
  readonly supports?: Capabilities;
  /** As parsed, with defaults; secrets are masked. */
  readonly options: unknown;
}

/** The names of what a plugin registered. */
export interface Brought {
  readonly dialects: readonly string[];
  readonly surfaces: readonly string[];
  readonly providers: readonly string[];
  readonly services: readonly string[];
  readonly hooks: readonly string[];
  readonly routes: readonly string[];
}

export interface RoutePlan {
  readonly method: string;
  readonly path: string;
  /** Absent for a route that a plugin serves all by itself. */
  readonly surface?: string;
  readonly dialect?: string;
  readonly operation?: string;
  /** Shares its path with others, and is taken by the request's headers or query. */
  readonly conditional?: boolean;
  readonly plugin: string;
}

export interface TargetPlan extends Omit<NormalTarget, 'position'> {
  /** The part of first tries that go to this target, from 0 to 1. */
  readonly share: number;
}

export interface ModelPlan {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly groups?: readonly string[] | undefined;
  readonly targets: readonly TargetPlan[];
  readonly fallbacks: readonly string[];
  /** What becomes of requests that its targets fail. */
  readonly onFailure?: NormalModel['onFailure'];
  /** What it says to single plugins, by their ids. */
  readonly with?: PluginSettings;
  /** What plugins make of it, in their own words. */
  readonly notes?: readonly { readonly plugin: string; readonly lines: readonly string[] }[];
  readonly where: string;
}

export interface ServicePlan {
  readonly name: string;
  /** undefined: nobody. */
  readonly provider: string | undefined;
  readonly usedBy: readonly string[];
  /** Who would use it, and does without. */
  readonly wantedBy: readonly string[];
}

export interface Plan {
  readonly file?: string;
  readonly listen: NormalConfig['listen'];
  readonly workers: NormalConfig['workers'];
  readonly health: NormalConfig['health'];
  readonly reload: NormalConfig['reload'];
  readonly limits: NormalConfig['limits'];
  /** Absent: whatever comes is worked on. */
  readonly load?: NormalConfig['load'];
  readonly timeouts: NormalConfig['timeouts'];
  readonly plugins: readonly PluginPlan[];
  readonly skipped: readonly { readonly what: string; readonly condition: string; readonly where: string }[];
  readonly hooks: readonly HookPlan[];
  readonly services: readonly ServicePlan[];
  readonly routes: readonly RoutePlan[];
  readonly models: readonly ModelPlan[];
  readonly replies: readonly ReplyPlan[];
}

export function planOf(kernel: Kernel): Plan {
  const { config } = kernel;
  const hooks = hookPlans(kernel);
  return {
    ...(config.file !== undefined && { file: config.file }),
    listen: config.listen,
    workers: config.workers,
    health: config.health,
    reload: config.reload,
    limits: config.limits,
    ...(config.load !== undefined && { load: config.load }),
    timeouts: config.timeouts,
    plugins: config.plugins.map((plugin) => pluginPlan(plugin, kernel, hooks)),
    skipped: config.skipped.map(({ position, ...entry }) => ({ ...entry, where: describePosition(position) })),
    hooks,
    services: servicePlans(config.plugins),
    routes: routePlans(kernel),
    models: config.models.map((model) => {
      return Object.assign(modelPlan(shownModel(model, config.plugins)), notesOn(model, kernel));
    }),
    replies: replyPlans(kernel),
  };
}

function pluginPlan(plugin: NormalPlugin, kernel: Kernel, hooks: readonly HookPlan[]): PluginPlan {
  const { name, version, supports, options } = plugin.plugin;
  return {
    id: plugin.id,
    package: name,
    version,
    where: describePosition(plugin.position),
    lives: placementOf(plugin),
    brings: broughtBy(plugin, kernel, hooks),
    ...(supports !== undefined && { supports }),
    options: masked(options, plugin.options),
  };
}

function broughtBy({ id, plugin }: NormalPlugin, kernel: Kernel, hooks: readonly HookPlan[]): Brought {
  const own = <T extends Parameters<typeof kernel.owners.get>[0]>(things: Iterable<T>): T[] =>
    [...things].filter((thing) => kernel.owners.get(thing) === id);
  const providers = [...kernel.hooks.providers.values()].filter(({ tap }) => tap.spec.plugin.id === id);
  return {
    dialects: own(kernel.dialects.values()).map((dialect) => dialect.id),
    surfaces: own(kernel.surfaces).map((surface) => surface.id),
    providers: providers.map((provider) => provider.id),
    services: plugin.provides ?? [],
    hooks: hooks.filter(({ taps }) => taps.some((tap) => tap.plugin === id)).map(({ hook }) => hook),
    routes: own(kernel.routes).map(({ method, path }) => `${method} ${path}`),
  };
}

function routePlans(kernel: Kernel): RoutePlan[] {
  const surfaces = kernel.surfaces.map((surface): RoutePlan => {
    const { method, path, id, dialect } = surface;
    const operation = kernel.dialects.get(dialect)?.operation ?? '';
    const conditional = surface.when !== undefined;
    return { method, path, surface: id, dialect, operation, conditional, plugin: kernel.owners.get(surface) ?? '' };
  });
  const routes = kernel.routes.map((route): RoutePlan => {
    return { method: route.method, path: route.path, plugin: kernel.owners.get(route) ?? '' };
  });
  return [...surfaces, ...routes];
}

function modelPlan(whole: NormalModel): ModelPlan {
  const { targets, position, info: _, with: own, ...model } = whole;
  const where = describePosition(position);
  return { ...model, targets: targetPlans(targets), where, ...(own !== undefined && { with: own }) };
}

/** A plugin that fails to say something of a model has still been set up: the plan says so, and goes on. */
function notesOn(model: NormalModel, { plans }: Kernel): Pick<ModelPlan, 'notes'> {
  const targets = model.targets.map((target) => freezeTarget(model.name, target));
  const notes = plans.map(({ plugin, describe }) => {
    try {
      return { plugin, lines: describe(model, targets) };
    } catch (error) {
      return { plugin, lines: [`could not be described: ${(error as Error).message}`] };
    }
  });
  const telling = notes.filter(({ lines }) => lines.length > 0);
  return telling.length === 0 ? {} : { notes: telling };
}

function targetPlans(targets: readonly NormalTarget[]): TargetPlan[] {
  const sum = targets.reduce((total, { weight }) => total + weight, 0);
  return targets.map((target) => {
    const { position: _, ...settings } = target;
    return Object.assign(settings, { share: sum === 0 ? 0 : target.weight / sum });
  });
}

function servicePlans(plugins: readonly NormalPlugin[]): ServicePlan[] {
  const names = new Set<ServiceName>();
  for (const { plugin } of plugins) {
    for (const name of [...(plugin.provides ?? []), ...(plugin.uses ?? []), ...(plugin.usesIfPresent ?? [])])
      names.add(name);
  }
  const ids = (list: 'provides' | 'uses' | 'usesIfPresent', name: ServiceName): string[] =>
    plugins.filter(({ plugin }) => plugin[list]?.includes(name)).map(({ id }) => id);
  return [...names].map((name) => {
    const [provider] = ids('provides', name);
    const wanting = ids('usesIfPresent', name);
    return {
      name,
      provider,
      usedBy: [...ids('uses', name), ...(provider === undefined ? [] : wanting)],
      wantedBy: provider === undefined ? wanting : [],
    };
  });
}
