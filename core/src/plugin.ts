/** What a plugin is: `definePlugin({...})` as the default export of a package or a local file. */
import type { Context, Next } from 'koa';
import type { z } from 'zod';
import type { Capabilities } from './capabilities.ts';
import type { Clock } from './clock.ts';
import type { NormalModel } from './config/normal.ts';
import type { Deprecation } from './deprecation.ts';
import type { Dialect, Surface } from './dialect.ts';
import type { HookPoints } from './hooks/points.ts';
import type { HookStats } from './hooks/stats.ts';
import type { LoadStats } from './load/traffic.ts';
import type { Logger } from './logger.ts';
import type { Operation } from './operations.ts';
import type { Reloading } from './reload.ts';
import type { Target } from './route.ts';
import type { ServiceName, Services } from './services.ts';
import type { Slot } from './slot.ts';
import type { Peers } from './workers/peers.ts';
import type { RemoteServices } from './workers/remote.ts';

/** The version of the plugin contract that this core keeps. A plugin's `engine` range must include it. */
export const ENGINE_VERSION = '1.0.0';

const BRAND = Symbol.for('gatewright.plugin');

/** Middleware and routes of a plugin's own, for what is about HTTP and not about models. */
export interface HttpPoints {
  /** Adds Koa middleware in front of everything. Set reply headers before `await next()`: replies are written directly. */
  use(middleware: (context: Context, next: Next) => unknown): void;
  /** Adds a route. The path is @koa/router's. */
  route(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    handler: (context: Context) => unknown,
  ): void;
}

/** What a plugin's setup may use. Hooks, services, dialects and surfaces can only be registered while setup runs. */
export interface SetupContext {
  /** The instance id: the config's `id`, or the plugin's own default. */
  readonly id: string;
  readonly hooks: HookPoints;
  readonly http: HttpPoints;
  /** Registers a dialect. */
  readonly dialect: <O extends Operation>(dialect: Dialect<O>) => void;
  /** Registers a place where clients' requests come in. */
  readonly surface: (surface: Surface) => void;
  /** Provides a service; it must be declared in the plugin's `provides`. */
  readonly provide: <S extends ServiceName>(name: S, service: Services[S]) => void;
  /** A service of another plugin. Must be declared in `uses` (missing: boot error) or `usesIfPresent` (missing: undefined). */
  readonly use: <S extends ServiceName>(name: S) => Services[S];
  readonly useIfPresent: <S extends ServiceName>(name: S) => Services[S] | undefined;
  /** A typed place for this plugin's own state on each exchange. */
  readonly slot: <T>() => Slot<T>;
  /** Something that outlives a reload: opened once per key, closed when the last kernel that uses it is gone. */
  readonly share: <T>(key: string, open: () => T, close: (value: T) => void | Promise<void>) => T;
  readonly log: Logger;
  readonly clock: Clock;
  /**
   * The gateway is only looked at: by `check`, `plan`, `explain`, or before a reload. Open no listener and no lock, start no
   * timer that repeats, and change nothing outside of the process; what is there may be read.
   */
  readonly dry: boolean;
  /** A number from 0 up to, not including, 1: for chance that tests can hold. */
  readonly random: () => number;
  /** How often every tap of every plugin ran, how long it took and how often it failed. */
  readonly stats: () => readonly HookStats[];
  /** How many exchanges the gateway is working on right now, those of a kernel that is being retired included. */
  readonly inFlight: () => number;
  /** How many requests wait for a place, or were sent away, where the configuration bounds them. */
  readonly load: () => LoadStats;
  /** The models of the configuration, with their targets. */
  readonly models: () => readonly NormalModel[];
  /** This plugin's instances in all processes of the gateway, for what only all of them know together. */
  readonly peers: Peers;
  /** Reads the configuration of the gateway again, for those who may ask for it. */
  readonly reloading: Reloading;
  /** Says for `gatewright plan` what this plugin makes of a model, in lines for people; nothing where it has nothing to say. */
  readonly onPlan: (describe: (model: NormalModel, targets: readonly Target[]) => readonly string[]) => void;
  /** Says once per boot that something that this instance is configured with will be gone: `the form "flat" of keys`. */
  readonly deprecate: (what: string, deprecation: Deprecation) => void;
  /** Runs when all plugins are set up, before the gateway listens. A failure stops the boot. */
  readonly onReady: (task: () => void | Promise<void>) => void;
  /** Runs when this configuration has taken over from the one before: what both share is from now on this one's. Must not throw. */
  readonly onServe: (task: () => void) => void;
  /** Runs when no more requests are taken and those under way are done: flush. */
  readonly onDrain: (task: () => void | Promise<void>) => void;
  /** Runs last, in reverse order, also when the boot failed half way. */
  readonly onDispose: (task: () => void | Promise<void>) => void;
}

export interface PluginDefinition<S extends z.ZodObject = z.ZodObject> {
  /** The package's name. */
  readonly name: string;
  readonly version: string;
  /** The range of contract versions that it was written for: `^1`. */
  readonly engine: string;
  /** The instance id where the config names none. Default: the name without its scope. */
  readonly id?: string;
  /** A strict zod object in which every field is described. Mark secrets with {@link secret}. */
  readonly options: S;
  /** What a model may say to the plugin under `models.<name>.with.<plugin id>`: a strict zod object, described. Default: nothing. */
  readonly modelOptions?: z.ZodObject;
  /** What a target may say to the plugin under its `with.<plugin id>`: a strict zod object, described. Default: nothing. */
  readonly targetOptions?: z.ZodObject;
  readonly provides?: readonly ServiceName[];
  readonly uses?: readonly ServiceName[];
  readonly usesIfPresent?: readonly ServiceName[];
  /**
   * Where it lives when a gateway is served by several processes (`workers`): in `each` worker; once, in the `primary`
   * process, where no requests come, its services used from all workers; or nowhere: it makes the gateway `refuse` workers.
   * Default: `each`; `refuse` for who provides `state`, `store` or `bindings`.
   */
  readonly workers?: 'each' | 'primary' | 'refuse';
  /** How workers use what it provides in the primary. The core knows it of `state` and `store`. */
  readonly remote?: RemoteServices;
  /** What the plugin can do, and what it keeps from; held against what it does, and shown by `plan`. */
  readonly supports?: Capabilities;
  setup(context: SetupContext, options: z.output<S>): void | Promise<void>;
}

/** A defined plugin. */
export interface Plugin<S extends z.ZodObject = z.ZodObject> extends PluginDefinition<S> {
  readonly [BRAND]: string;
}

/** Marks a plugin definition, so that the kernel knows it, also across two copies of core. `setup` infers its options from the schema. */
export function definePlugin<S extends z.ZodObject>(definition: PluginDefinition<S>): Plugin<S> {
  return Object.freeze({ ...definition, [BRAND]: ENGINE_VERSION });
}

/** Whether a value came out of {@link definePlugin}, of this copy of core or another. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && BRAND in value;
}
