/** The kernels of the primary process: one for each configuration that some worker still uses. */
import { MemoryBindings } from '../bindings.ts';
import type { NormalConfig } from '../config/normal.ts';
import { GatewayError } from '../errors.ts';
import { bootKernel } from '../kernel/boot.ts';
import type { Kernel, KernelHost } from '../kernel/kernel.ts';
import type { ServiceName } from '../services.ts';
import { sentError } from './failure.ts';
import type { FrameReader, FrameWriter } from './frame.ts';
import { placementOf, primaryPart, remoteOf } from './placement.ts';
import { ANSWERED, BINDINGS, FAILED, type ServiceCall, type ServiceNotice } from './protocol.ts';
import { remoteBindings } from './remote-bindings.ts';
import type { RemoteService, Served } from './remote.ts';

/** One worker, as the services see it. */
export interface User {
  tell(notice: ServiceNotice): void;
}

interface Generation {
  readonly number: number;
  readonly kernel: Kernel;
  readonly users: Map<User, Map<ServiceName, Served>>;
}

export class Generations {
  readonly #host: KernelHost;
  readonly #alive = new Map<number, Generation>();
  readonly #bindings: Served = remoteBindings.serve(new MemoryBindings(), () => undefined);
  #newest = 0;
  #serving = 0;

  constructor(host: KernelHost) {
    this.#host = host;
  }

  /** Boots what of the configuration lives here. Rejects with all that is wrong with it. */
  async open(config: NormalConfig): Promise<number> {
    const kernel = await bootKernel(primaryPart(config), this.#host);
    const placed = kernel.config.plugins.filter((plugin) => placementOf(plugin) === 'primary');
    for (const { id } of placed) {
      if (kernel.hooks.stats().every(({ plugin }) => plugin !== id)) continue;
      await kernel.dispose();
      const message = `Plugin "${id}" lives in the primary process and taps hooks, which no request reaches there.`;
      throw new GatewayError('GW_PLUGIN_CONTRACT', message, { plugin: id });
    }
    const number = ++this.#newest;
    this.#alive.set(number, { number, kernel, users: new Map() });
    return number;
  }

  /** The newest of them is what workers are given from now on. */
  serve(number: number): Promise<void> {
    this.#alive.get(number)?.kernel.serve();
    return this.#sweep(number);
  }

  /** A worker begins with a generation: its kernel stays until the worker lets go of it. */
  hold(number: number, user: User): void {
    const { users } = this.#get(number);
    if (!users.has(user)) users.set(user, new Map());
  }

  async release(number: number, user: User): Promise<void> {
    const generation = this.#alive.get(number);
    for (const served of generation?.users.get(user)?.values() ?? []) served.close();
    generation?.users.delete(user);
    await this.#sweep(this.#serving);
  }

  /** The worker is gone. */
  async leave(user: User): Promise<void> {
    for (const { number } of this.#alive.values()) await this.release(number, user);
  }

  /** Answers a worker's call. */
  call([service, number, method, args]: ServiceCall, user: User): unknown {
    return this.#served(service, number, user).call(method, args);
  }

  /** Answers a worker's frame. */
  answer(questions: FrameReader, answers: FrameWriter, user: User): void {
    try {
      const served = this.#served(questions.word() as ServiceCall[0], questions.number(), user);
      answers.number(ANSWERED);
      served.answer?.(questions, answers);
    } catch (error) {
      answers.clear();
      answers.number(FAILED);
      answers.other(sentError(error));
    }
  }

  #served(service: ServiceCall[0], number: number, user: User): Served {
    if (service === BINDINGS) return this.#bindings;
    // What is not an exchange may outlive its configuration by a moment: the one that serves now answers it.
    const asked = this.#alive.get(number);
    const generation = asked?.users.has(user) === true ? asked : this.#get(this.#serving);
    const services = generation.users.get(user) ?? new Map<ServiceName, Served>();
    generation.users.set(user, services);
    let served = services.get(service);
    if (served === undefined) {
      served = this.#open(generation, service, user);
      services.set(service, served);
    }
    return served;
  }

  async close(): Promise<void> {
    for (const { kernel } of [...this.#alive.values()].toReversed()) {
      await kernel.drain(0, () => undefined);
      await kernel.dispose();
    }
    this.#alive.clear();
  }

  /** Ends the kernels that nobody uses any more. */
  async #sweep(serving: number): Promise<void> {
    this.#serving = serving;
    for (const { number, kernel, users } of this.#alive.values()) {
      if (number >= serving || users.size > 0) continue;
      this.#alive.delete(number);
      await kernel.drain(0, () => undefined);
      await kernel.dispose();
    }
  }

  /** A configuration that was refused after all. */
  async drop(number: number): Promise<void> {
    const generation = this.#alive.get(number);
    this.#alive.delete(number);
    await generation?.kernel.dispose();
  }

  #get(number: number): Generation {
    const generation = this.#alive.get(number);
    if (generation === undefined) throw new GatewayError('GW_INTERNAL', 'The configuration of this call is gone.');
    return generation;
  }

  #open({ number, kernel }: Generation, name: ServiceName, user: User): Served {
    const provider = kernel.config.plugins.find(({ plugin }) => plugin.provides?.includes(name));
    const service = kernel.services.get(name);
    const remote =
      provider === undefined ? undefined : (remoteOf(provider, name) as RemoteService<unknown> | undefined);
    if (service === undefined || remote === undefined)
      throw new GatewayError('GW_PLUGIN_CONTRACT', `The service "${name}" is not in the primary process.`);
    return remote.serve(service, (topic, value) => user.tell({ service: name, generation: number, topic, value }));
  }
}
