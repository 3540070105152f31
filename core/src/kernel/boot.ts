/** Boots a kernel: sets the plugins up in order, seals the hooks, checks what only now can be checked. */
import type { Bindings } from '../bindings.ts';
import { formatProblems } from '../config/problems.ts';
import type { NormalConfig, NormalPlugin, Problem, SourcePosition } from '../config/normal.ts';
import { GatewayError, isGatewayError } from '../errors.ts';
import { SlotAllocator } from '../slot.ts';
import { HookRegistry } from '../hooks/registry.ts';
import type { Logger } from '../logger.ts';
import { Kernel, type KernelHost, type Lifecycle, type LifecycleTask, type Registrations } from './kernel.ts';
import { ModelTable } from './models.ts';
import { RecordedBindings } from './recorded-bindings.ts';
import { checkDeclared, noticeText, unusedProviders } from './declared.ts';
import { describeOrigin, describePosition } from './position.ts';
import { Readiness } from './readiness.ts';
import type { WorkerLink } from '../workers/link.ts';
import { placementOf, remoteOf } from '../workers/placement.ts';
import { ServiceRegistry, setupOrder } from './services.ts';
import { SetupScope } from './setup.ts';
import { setUpIsolated } from '../isolation/isolated.ts';
import type { SetupContext } from '../plugin.ts';
import { SharedBindings } from './shared-bindings.ts';
import { checkTargets } from './target-check.ts';

/** A kernel under construction. */
export interface Boot {
  readonly config: NormalConfig;
  readonly host: KernelHost;
  readonly hooks: HookRegistry;
  readonly services: ServiceRegistry;
  /** The `logger` service, or the host's own. */
  readonly logger: () => Logger;
  readonly registrations: Registrations;
  readonly slots: SlotAllocator;
  /** What should be mended, and stops nobody yet. */
  readonly notices: Problem[];
  readonly lifecycle: Lifecycle;
}

/**
 * Boots the configuration. Throws a GatewayError (`GW_CONFIG`, `GW_PLUGIN_SETUP`, `GW_PLUGIN_CONTRACT`) that lists all problems
 * found; whatever had been set up is disposed again, in reverse.
 */
export async function bootKernel(config: NormalConfig, host: KernelHost): Promise<Kernel> {
  const services = new ServiceRegistry();
  // Looked up late: the plugin that provides it may be set up last.
  const logger = (): Logger => (host.dry === undefined ? services.get('logger') : undefined) ?? host.logger;
  const boot: Boot = {
    config,
    host,
    services,
    logger,
    hooks: new HookRegistry(host.clock, config.timeouts.hook, (error) => {
      const { plugin, hook } = error.details;
      logger().error(error.message, { code: error.code, plugin, hook });
    }),
    registrations: { dialects: new Map(), surfaces: [], middleware: [], routes: [], owners: new Map(), plans: [] },
    slots: new SlotAllocator(),
    notices: [...(config.notices ?? [])],
    lifecycle: { ready: [], serve: [], drain: [], dispose: releaseOf(host) },
  };
  try {
    const problems: Problem[] = [];
    const order = setupOrder(config.plugins, problems);
    throwProblems(problems);
    for (const plugin of order) {
      if (host.link !== undefined && placementOf(plugin) === 'primary') connect(boot, plugin, host.link);
      else await setUp(boot, plugin);
    }
    return await finish(boot);
  } catch (error) {
    await undo(boot);
    throw error;
  }
}

/** Last of all, a worker's kernel lets go of the kernel in the primary whose services it used. */
function releaseOf({ link }: KernelHost): LifecycleTask[] {
  if (link === undefined) return [];
  const { generation } = link;
  return [{ plugin: 'core', task: () => link.release(generation) }];
}

/** What lives in the primary process is not set up here; its services are there all the same. */
function connect({ services }: Boot, plugin: NormalPlugin, link: WorkerLink): void {
  for (const name of plugin.plugin.provides ?? []) {
    const remote = remoteOf(plugin, name);
    if (remote !== undefined) services.provide(name, link.connect(name, remote as never) as never, plugin);
  }
}

/** What to do where the plugin itself does not say it. */
const SETUP_HELP = 'Mend what it names, or switch its entry off with "if: false".';

async function setUp(boot: Boot, plugin: NormalPlugin): Promise<void> {
  const scope = new SetupScope(boot, plugin);
  const { setup } = boot.config.timeouts;
  try {
    await withDeadline(boot, setup, Promise.resolve(begin(plugin, scope.context)));
    boot.notices.push(...checkDeclared(plugin, boot, scope.isIdle));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const where = describeOrigin(plugin);
    throw new GatewayError('GW_PLUGIN_SETUP', `Plugin "${plugin.id}" (${where}) failed in its setup: ${reason}`, {
      plugin: plugin.id,
      help: (isGatewayError(cause) ? cause.details.help : undefined) ?? SETUP_HELP,
      cause,
    });
  } finally {
    scope.close();
  }
}

/** In the gateway's own thread, or in one of its own. */
function begin(plugin: NormalPlugin, context: SetupContext): void | Promise<void> {
  if (plugin.isolate !== undefined) return setUpIsolated(plugin, context, plugin.isolate);
  return plugin.plugin.setup(context, plugin.options as never);
}

async function finish(boot: Boot): Promise<Kernel> {
  const { config, host, hooks, services, registrations } = boot;
  const ids = new Set(config.plugins.map((plugin) => plugin.id));
  hooks.seal(ids);
  const problems: Problem[] = hooks.problems.map(({ plugin, message }) => {
    return { position: positionOf(config, plugin), plugin, message };
  });
  checkTargets(config, hooks.providers, new Set(registrations.dialects.keys()), problems);
  checkSurfaces(boot, problems);
  throwProblems(problems);
  const notices = [...boot.notices, ...unusedProviders(config, hooks.providers)];
  if (host.dry === undefined) {
    for (const notice of notices) boot.logger().warn(noticeText(notice), { plugin: notice.plugin });
  }
  // Who only looks does not wait for what is loaded later.
  if (host.dry !== undefined) for (const dialect of registrations.dialects.values()) await dialect.load?.();
  const kernel = new Kernel({
    config,
    host,
    logger: boot.logger(),
    hooks,
    services,
    models: new ModelTable(config.models, Math.floor(host.clock.now() / 1000)),
    registrations,
    notices,
    prices: services.get('prices'),
    state: services.get('state'),
    readiness: new Readiness(host.clock, { store: services.get('store'), state: services.get('state') }),
    bindings: services.get('bindings') ?? bindingsOf(boot),
    lifecycle: boot.lifecycle,
  });
  const ready = host.dry === 'sealed' ? [] : boot.lifecycle.ready;
  for (const { plugin, task } of ready) await runReady(boot, plugin, task);
  return kernel;
}

/** Where no plugin keeps bindings: each gateway its own; what it does not know, it looks for in the rows of usage. */
function bindingsOf(boot: Boot): Bindings {
  const { host, services } = boot;
  const store = services.get('store');
  const known = sharedBindings(boot);
  return store === undefined || host.dry !== undefined
    ? known
    : new RecordedBindings(known, host.bindings, store, host.clock);
}

/** Where a gateway shares its state with others, those are asked. */
function sharedBindings({ host, services, lifecycle, logger }: Boot): Bindings {
  const state = services.get('state');
  // A state that must be rebuilt when it is lost is one that others use too.
  if (state?.board === undefined || state.follow === undefined || host.dry !== undefined) return host.bindings;
  const shared = new SharedBindings(host.bindings, state.board, host.clock, logger);
  lifecycle.dispose.push({ plugin: 'core', task: () => shared.close() });
  return shared;
}

function checkSurfaces({ registrations }: Boot, problems: Problem[]): void {
  for (const surface of registrations.surfaces) {
    if (registrations.dialects.has(surface.dialect)) continue;
    const message = `The surface "${surface.id}" speaks the dialect "${surface.dialect}", and no plugin registers that.`;
    problems.push({ position: { path: 'plugins' }, message });
  }
}

async function runReady(boot: Boot, plugin: string, task: LifecycleTask['task']): Promise<void> {
  try {
    await withDeadline(boot, boot.config.timeouts.setup, Promise.resolve(task()));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const where = describePosition(positionOf(boot.config, plugin));
    const message = `Plugin "${plugin}" (${where}) did not become ready: ${reason}`;
    throw new GatewayError('GW_PLUGIN_SETUP', message, { plugin, cause });
  }
}

async function withDeadline(boot: Boot, deadline: number, promise: Promise<void>): Promise<void> {
  let cancel: (() => void) | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = boot.host.clock.after(deadline, () => reject(new Error(`it took longer than ${deadline} ms`)));
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    cancel?.();
  }
}

async function undo(boot: Boot): Promise<void> {
  for (const { plugin, task } of boot.lifecycle.dispose.toReversed()) {
    try {
      await task();
    } catch (error) {
      boot.host.logger.error(`Plugin "${plugin}" failed to dispose after a failed boot.`, { plugin, error });
    }
  }
}

function throwProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new GatewayError('GW_CONFIG', formatProblems(problems), { problems });
}

function positionOf(config: NormalConfig, plugin: string): SourcePosition {
  return config.plugins.find((one) => one.id === plugin)?.position ?? { path: 'plugins' };
}
