/** A worker's connection to the primary process: services that live there, and questions to the other workers. */
import type { Bindings } from '../bindings.ts';
import type { ServiceName, Services } from '../services.ts';
import type { Channel } from './channel.ts';
import { BINDINGS, type PeerAnswers, type ServiceCall, type ServiceNotice } from './protocol.ts';
import { remoteBindings } from './remote-bindings.ts';
import type { RemoteService, ServiceLink } from './remote.ts';

type Listener = (value: never) => void;

export class WorkerLink {
  /** Where bindings are kept where no plugin provides the service. */
  readonly bindings: Bindings;
  /** Of the configuration that is being booted: which of the primary's kernels its services come from. */
  generation = 0;
  readonly #channel: Channel;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(channel: Channel) {
    this.#channel = channel;
    this.bindings = remoteBindings.connect(this.#linkTo(BINDINGS));
  }

  /** The service of the primary's kernel of this generation. */
  connect<S extends ServiceName>(name: S, remote: RemoteService<Services[S]>): Services[S] {
    return remote.connect(this.#linkTo(name));
  }

  /** A kernel that was booted in this generation uses the primary's services no more. */
  release(generation: number): void {
    this.#channel.tell('release', generation);
  }

  /** What the plugin's instances in all workers answer. */
  ask(plugin: string): Promise<PeerAnswers> {
    return this.#channel.call('ask', plugin);
  }

  /** The last answer of this process, which is about to end. */
  leave(plugin: string, answer: unknown): void {
    this.#channel.tell('left', { plugin, answer });
  }

  /** Takes in what a service of the primary tells. */
  hear({ service, generation, topic, value }: ServiceNotice): void {
    for (const listener of this.#listeners.get(`${generation} ${service} ${topic}`) ?? []) listener(value as never);
  }

  #linkTo(service: ServiceCall[0]): ServiceLink {
    const { generation } = this;
    return {
      call: (method, ...args) =>
        this.#channel.call('service', ...([service, generation, method, args] satisfies ServiceCall)),
      on: (topic, listener) => {
        const key = `${generation} ${service} ${topic}`;
        const listeners = this.#listeners.get(key) ?? new Set();
        this.#listeners.set(key, listeners.add(listener));
        return () => {
          listeners.delete(listener);
          if (listeners.size === 0) this.#listeners.delete(key);
        };
      },
    };
  }
}
