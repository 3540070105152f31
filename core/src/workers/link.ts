/** A worker's connection to the primary process: services that live there, and questions to the other workers. */
import type { Socket } from 'node:net';
import type { Bindings } from '../bindings.ts';
import { GatewayError } from '../errors.ts';
import type { ServiceName, Services } from '../services.ts';
import type { Channel } from './channel.ts';
import { receivedError, type SentError } from './failure.ts';
import type { FrameReader } from './frame.ts';
import { FramePipe } from './frame-pipe.ts';
import { BINDINGS, FAILED, type PeerAnswers, type ServiceCall, type ServiceNotice } from './protocol.ts';
import { remoteBindings } from './remote-bindings.ts';
import type { RemoteService, ServiceLink } from './remote.ts';

type Listener = (value: never) => void;

/** Who waits for the answer to a frame. */
interface Asking {
  readonly answered: (answer: FrameReader) => void;
  readonly failed: (error: Error) => void;
}

export class WorkerLink {
  /** Where bindings are kept where no plugin provides the service. */
  readonly bindings: Bindings;
  /** Of the configuration that is being booted: which of the primary's kernels its services come from. */
  generation = 0;
  readonly #channel: Channel;
  readonly #frames: FramePipe;
  /** In the order in which they asked, which is that of the answers. */
  readonly #asking: Asking[] = [];
  readonly #listeners = new Map<string, Set<Listener>>();
  #gone: GatewayError | undefined;
  #quiet: (() => void)[] = [];

  constructor(channel: Channel, frames: Socket) {
    this.#channel = channel;
    this.#frames = new FramePipe(
      frames,
      (answer) => this.#answered(answer),
      () => this.#close(),
    );
    this.bindings = remoteBindings.connect(this.#linkTo(BINDINGS));
  }

  /** The service of the primary's kernel of this generation. */
  connect<S extends ServiceName>(name: S, remote: RemoteService<Services[S]>): Services[S] {
    return remote.connect(this.#linkTo(name));
  }

  /** A kernel that was booted in this generation uses the primary's services no more. Resolves when the primary was told. */
  async release(generation: number): Promise<void> {
    await this.quiet();
    this.#channel.tell('release', generation);
  }

  /** Resolves when nobody waits for the answer to a frame. */
  quiet(): Promise<void> {
    if (this.#asking.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#quiet.push(resolve));
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
      frame: () => {
        const frame = this.#frames.frame();
        frame.word(service);
        frame.number(generation);
        return frame;
      },
      ask: (frame, answered, failed) => {
        if (this.#gone !== undefined) return failed(this.#gone);
        this.#asking.push({ answered, failed });
        this.#frames.send(frame);
      },
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

  #answered(answer: FrameReader): void {
    const asking = this.#asking.shift();
    if (answer.number() === FAILED) asking?.failed(receivedError(answer.other() as SentError));
    else asking?.answered(answer);
    if (this.#asking.length === 0) this.#rest();
  }

  #close(): void {
    this.#gone = new GatewayError('GW_INTERNAL', 'The primary process is gone.');
    for (const { failed } of this.#asking.splice(0)) failed(this.#gone);
    this.#rest();
  }

  #rest(): void {
    for (const resolve of this.#quiet.splice(0)) resolve();
  }
}
