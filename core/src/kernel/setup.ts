/** What one plugin is given while its setup runs, and refused afterwards. */
import type { NormalPlugin } from '../config/normal.ts';
import type { Dialect } from '../dialect.ts';
import { deprecationText, type Deprecation } from '../deprecation.ts';
import { GatewayError } from '../errors.ts';
import { undeclaredOperation } from '../hooks/declared.ts';
import type { PluginRef } from '../hooks/tap.ts';
import type { LogFields, Logger } from '../logger.ts';
import type { SetupContext } from '../plugin.ts';
import type { ServiceName } from '../services.ts';
import type { Boot } from './boot.ts';
import { describeOrigin } from './position.ts';

export class SetupScope {
  readonly context: SetupContext;
  readonly #boot: Boot;
  readonly #plugin: NormalPlugin;
  #open = true;
  #isIdle = true;

  constructor(boot: Boot, plugin: NormalPlugin) {
    this.#boot = boot;
    this.#plugin = plugin;
    this.context = Object.freeze(this.#makeContext());
  }

  /** It has registered nothing so far but, perhaps, hooks; and it did not ask whether it is only looked at. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** Setup is over: registering anything from now on is refused. */
  close(): void {
    this.#open = false;
  }

  #makeContext(): SetupContext {
    const { hooks, host, services, registrations } = this.#boot;
    const plugin = this.#plugin;
    const guard = (what: string): void => this.#guard(what);
    const isDry = (): boolean => {
      // Who does less when it is only looked at may well do something.
      if (host.dry !== undefined) this.#isIdle = false;
      return host.dry !== undefined;
    };
    return {
      id: plugin.id,
      hooks: hooks.pointsFor(refOf(plugin)),
      http: this.#http(guard),
      dialect: (dialect) => this.#dialect(dialect),
      surface: (surface) => {
        guard('surface');
        registrations.surfaces.push(surface);
        registrations.owners.set(surface, plugin.id);
      },
      provide: (name, service) => {
        guard('provide');
        services.provide(name, service, plugin);
      },
      use: (name) => services.use(name, plugin),
      useIfPresent: (name: ServiceName) => services.get(name) as never,
      slot: () => {
        guard('slot');
        return this.#boot.slots.allocate();
      },
      share: (key, open, close) => this.#share(key, open, close),
      log: prefixed(this.#boot, plugin.id),
      clock: host.clock,
      get dry() {
        return isDry();
      },
      random: host.random,
      stats: () => hooks.stats(),
      inFlight: () => host.traffic.exchanges,
      load: () => host.traffic.load,
      models: () => this.#boot.config.models,
      reloading: host.reloading,
      peers: {
        answer: (answer) => {
          guard('peers.answer');
          this.#dispose(host.peers.add(plugin.id, answer));
        },
        ask: () => host.peers.ask(plugin.id),
      },
      deprecate: (what, said) => this.#deprecate(what, said),
      ...this.#lifecycle(guard),
    };
  }

  #http(guard: (what: string) => void): SetupContext['http'] {
    const { registrations } = this.#boot;
    return {
      use: (middleware) => {
        guard('http.use');
        registrations.middleware.push(middleware);
      },
      route: (method, path, handler) => {
        guard('http.route');
        const route = { method, path, handler };
        registrations.routes.push(route);
        registrations.owners.set(route, this.#plugin.id);
      },
    };
  }

  #lifecycle(
    guard: (what: string) => void,
  ): Pick<SetupContext, 'onPlan' | 'onReady' | 'onServe' | 'onDrain' | 'onDispose'> {
    const { lifecycle, registrations } = this.#boot;
    const plugin = this.#plugin.id;
    return {
      onPlan: (describe) => {
        guard('onPlan');
        registrations.plans.push({ plugin, describe });
      },
      onReady: (task) => {
        guard('onReady');
        lifecycle.ready.push({ plugin, task });
      },
      onServe: (task) => {
        guard('onServe');
        lifecycle.serve.push({ plugin, task });
      },
      onDrain: (task) => {
        guard('onDrain');
        lifecycle.drain.push({ plugin, task });
      },
      onDispose: (task) => {
        guard('onDispose');
        lifecycle.dispose.push({ plugin, task });
      },
    };
  }

  #deprecate(what: string, said: Deprecation): void {
    this.#guard('deprecate');
    const { id, position } = this.#plugin;
    const message = `${what} ${deprecationText(said)}`;
    this.#boot.notices.push({ position, plugin: id, message, help: `use ${said.instead} instead` });
  }

  #dialect(dialect: Dialect): void {
    this.#guard('dialect');
    const { dialects, owners } = this.#boot.registrations;
    const undeclared = undeclaredOperation(this.#plugin.plugin.supports, dialect.operation);
    if (undeclared !== undefined) throw this.#error(`registers the dialect "${dialect.id}", but ${undeclared}`);
    if (dialects.has(dialect.id))
      throw this.#error(`registers the dialect "${dialect.id}", which another plugin has registered`);
    dialects.set(dialect.id, dialect);
    owners.set(dialect, this.#plugin.id);
  }

  #share<T>(key: string, open: () => T, close: (value: T) => void | Promise<void>): T {
    this.#guard('share');
    const { host } = this.#boot;
    const { name, version } = this.#plugin.plugin;
    const whole = `${name}@${version}:${this.#plugin.id}:${key}`;
    const value = host.shared.acquire(whole, open, close);
    this.#dispose(() => host.shared.release(whole));
    return value;
  }

  #dispose(task: () => void | Promise<void>): void {
    this.#boot.lifecycle.dispose.push({ plugin: this.#plugin.id, task });
  }

  #guard(what: string): void {
    if (!this.#open) throw this.#error(`called ${what} after its setup had ended`);
    this.#isIdle = false;
  }

  #error(what: string): GatewayError {
    const { id } = this.#plugin;
    return new GatewayError('GW_PLUGIN_CONTRACT', `Plugin "${id}" (${describeOrigin(this.#plugin)}) ${what}.`, {
      plugin: id,
    });
  }
}

function refOf(plugin: NormalPlugin): PluginRef {
  const { id, onError, timeout } = plugin;
  const { supports } = plugin.plugin;
  return {
    id,
    where: describeOrigin(plugin),
    ...(supports !== undefined && { supports }),
    ...(onError !== undefined && { onError }),
    ...(timeout !== undefined && { timeout }),
  };
}

/** The gateway's logger with the plugin's name on every line. */
function prefixed({ logger }: Boot, plugin: string): Logger {
  const fields = (more: LogFields | undefined): LogFields => ({ plugin, ...more });
  return {
    debug: (message, more) => logger().debug(message, fields(more)),
    info: (message, more) => logger().info(message, fields(more)),
    warn: (message, more) => logger().warn(message, fields(more)),
    error: (message, more) => logger().error(message, fields(more)),
  };
}
