/** What one plugin is given while its setup runs, and refused afterwards. */
import type { NormalPlugin } from '../config/normal.ts';
import type { Dialect } from '../dialect.ts';
import { GatewayError } from '../errors.ts';
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

  constructor(boot: Boot, plugin: NormalPlugin) {
    this.#boot = boot;
    this.#plugin = plugin;
    this.context = Object.freeze(this.#makeContext());
  }

  /** Setup is over: registering anything from now on is refused. */
  close(): void {
    this.#open = false;
  }

  #makeContext(): SetupContext {
    const { hooks, host, services, registrations } = this.#boot;
    const plugin = this.#plugin;
    const guard = (what: string): void => this.#guard(what);
    return {
      id: plugin.id,
      hooks: hooks.pointsFor(refOf(plugin)),
      http: {
        use: (middleware) => {
          guard('http.use');
          registrations.middleware.push(middleware);
        },
        route: (method, path, handler) => {
          guard('http.route');
          const route = { method, path, handler };
          registrations.routes.push(route);
          registrations.owners.set(route, plugin.id);
        },
      },
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
      dry: host.dry !== undefined,
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
      onPlan: (describe) => {
        guard('onPlan');
        registrations.plans.push({ plugin: plugin.id, describe });
      },
      ...this.#lifecycle(guard),
    };
  }

  #lifecycle(guard: (what: string) => void): Pick<SetupContext, 'onReady' | 'onServe' | 'onDrain' | 'onDispose'> {
    const { lifecycle } = this.#boot;
    const plugin = this.#plugin.id;
    return {
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

  #dialect(dialect: Dialect): void {
    this.#guard('dialect');
    const { dialects, owners } = this.#boot.registrations;
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
  return {
    id,
    where: describeOrigin(plugin),
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
