/** The kernel: one booted configuration, frozen. A reload builds a new one and swaps. */
import type { Abort } from '../abort.ts';
import type { NormalConfig, Problem } from '../config/normal.ts';
import type { Bindings } from '../bindings.ts';
import type { Clock } from '../clock.ts';
import type { Dialect, Surface } from '../dialect.ts';
import { GatewayError } from '../errors.ts';
import type { HookRegistry } from '../hooks/registry.ts';
import type { Traffic } from '../load/traffic.ts';
import type { Logger } from '../logger.ts';
import type { Prices } from '../services.ts';
import type { State } from '../state.ts';
import type { HttpPoints, SetupContext } from '../plugin.ts';
import type { Random } from './draw.ts';
import type { ModelTable } from './models.ts';
import type { Readiness } from './readiness.ts';
import type { Reloading } from '../reload.ts';
import type { ServiceRegistry } from './services.ts';
import type { SharedThings } from './shared.ts';
import type { WorkerLink } from '../workers/link.ts';
import type { PeerAnswerers } from '../workers/peers.ts';

/** What a gateway lends to its kernels. */
export interface KernelHost {
  readonly traffic: Traffic;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly shared: SharedThings;
  /** Where no plugin provides the service. */
  readonly bindings: Bindings;
  readonly peers: PeerAnswerers;
  /** In a worker, the way to what lives in the primary process. */
  readonly link?: WorkerLink;
  /** Reads the gateway's configuration again. */
  readonly reloading: Reloading;
  /** How far a kernel that is only looked at is brought. Its plugins then say what they have to say to the host's own logger. */
  readonly dry?: 'sealed' | 'ready';
}

export interface HttpRoute {
  readonly method: Parameters<HttpPoints['route']>[0];
  readonly path: string;
  readonly handler: Parameters<HttpPoints['route']>[2];
}

/** What the plugins registered. */
export interface Registrations {
  readonly dialects: Map<string, Dialect>;
  readonly surfaces: Surface[];
  readonly middleware: Parameters<HttpPoints['use']>[0][];
  readonly routes: HttpRoute[];
  /** The id of the plugin that registered it. */
  readonly owners: Map<Dialect | Surface | HttpRoute, string>;
  readonly plans: PlanNote[];
}

/** What a plugin says of models when the gateway is planned. */
export interface PlanNote {
  readonly plugin: string;
  readonly describe: Parameters<SetupContext['onPlan']>[0];
}

/** Tasks of the plugins, with their ids for error messages. */
export interface LifecycleTask {
  readonly plugin: string;
  readonly task: () => void | Promise<void>;
}

export interface Lifecycle {
  readonly ready: LifecycleTask[];
  readonly serve: LifecycleTask[];
  readonly drain: LifecycleTask[];
  readonly dispose: LifecycleTask[];
}

export interface KernelParts {
  readonly config: NormalConfig;
  readonly host: KernelHost;
  readonly logger: Logger;
  readonly hooks: HookRegistry;
  readonly services: ServiceRegistry;
  readonly models: ModelTable;
  readonly registrations: Registrations;
  readonly notices: readonly Problem[];
  readonly prices: Prices | undefined;
  readonly state: State | undefined;
  readonly readiness: Readiness;
  readonly bindings: Bindings;
  readonly lifecycle: Lifecycle;
}

export class Kernel {
  readonly config: NormalConfig;
  readonly host: KernelHost;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hooks: HookRegistry;
  readonly services: ServiceRegistry;
  readonly models: ModelTable;
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly surfaces: readonly Surface[];
  readonly middleware: Registrations['middleware'];
  readonly routes: Registrations['routes'];
  readonly owners: ReadonlyMap<Dialect | Surface | HttpRoute, string>;
  readonly plans: readonly PlanNote[];
  /** What should be mended, and stops nobody yet. */
  readonly notices: readonly Problem[];
  readonly prices: Prices | undefined;
  readonly state: State | undefined;
  readonly readiness: Readiness;
  readonly bindings: Bindings;
  readonly #lifecycle: Lifecycle;
  #active = 0;
  #idle: (() => void) | undefined;
  readonly #outliving = new Set<Abort>();
  #drained = false;

  constructor(parts: KernelParts) {
    this.config = parts.config;
    this.host = parts.host;
    this.clock = parts.host.clock;
    this.logger = parts.logger;
    this.hooks = parts.hooks;
    this.services = parts.services;
    this.models = parts.models;
    this.dialects = parts.registrations.dialects;
    this.surfaces = parts.registrations.surfaces;
    this.middleware = parts.registrations.middleware;
    this.routes = parts.registrations.routes;
    this.owners = parts.registrations.owners;
    this.plans = parts.registrations.plans;
    this.notices = parts.notices;
    this.prices = parts.prices;
    this.state = parts.state;
    this.readiness = parts.readiness;
    this.bindings = parts.bindings;
    this.#lifecycle = parts.lifecycle;
  }

  /** How many exchanges are under way. */
  get active(): number {
    return this.#active;
  }

  /** Tells the plugins that this kernel has taken over; a failure is logged and stops nothing. */
  serve(): void {
    for (const { plugin, task } of this.#lifecycle.serve) {
      try {
        void task();
      } catch (error) {
        this.logger.error(`Plugin "${plugin}" failed to serve.`, { plugin, error });
      }
    }
  }

  enter(): void {
    this.#active++;
    this.host.traffic.exchanges++;
  }

  leave(): void {
    this.host.traffic.exchanges--;
    this.#active--;
    if (this.#idle === undefined) return;
    if (this.#active === 0) this.#idle();
    else this.#endOutliving();
  }

  /**
   * Takes on an exchange that nobody waits for: at the end it is broken off once only such ones are left. The answer lets
   * go of it. Throws `GW_SHUTTING_DOWN` where the end has come already.
   */
  outlive(abort: Abort): () => void {
    if (this.#drained) throw new GatewayError('GW_SHUTTING_DOWN', 'The gateway has stopped, or has been reloaded.');
    this.#outliving.add(abort);
    return () => this.#outliving.delete(abort);
  }

  #endOutliving(): void {
    if (this.#active > this.#outliving.size) return;
    const reason = new GatewayError('GW_SHUTTING_DOWN', 'The gateway stopped, and nobody waits for the answer.');
    for (const abort of this.#outliving) abort.abort(reason);
  }

  /** Waits for the exchanges under way, at most until the deadline; answers how many are left. Then lets the plugins flush. */
  async drain(deadline: number, abortRest: () => void): Promise<number> {
    let left = 0;
    if (this.#active > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.clock.after(deadline, resolve);
        this.#idle = () => {
          cancel();
          resolve();
        };
        this.#endOutliving();
      });
      left = this.#active;
      if (left > 0) abortRest();
    }
    this.#drained = true;
    // Aborted exchanges settle and log in the next turns; the sinks must hear of them before they flush.
    if (left > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    await this.#runAll(this.#lifecycle.drain, 'drain');
    return left;
  }

  /** Runs the plugins' dispose tasks in reverse; a failure is logged and stops none of the others. */
  async dispose(): Promise<void> {
    await this.#runAll(this.#lifecycle.dispose.toReversed(), 'dispose');
  }

  async #runAll(tasks: readonly LifecycleTask[], phase: string): Promise<void> {
    for (const { plugin, task } of tasks) {
      try {
        await task();
      } catch (error) {
        this.logger.error(`Plugin "${plugin}" failed to ${phase}.`, { plugin, error });
      }
    }
  }
}
