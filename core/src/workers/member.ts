/** One worker, as the primary process sees it. */
import type { Worker } from 'node:cluster';
import type { Socket } from 'node:net';
import { Channel } from './channel.ts';
import type { FrameReader, FrameWriter } from './frame.ts';
import { FramePipe, FRAMES_FD } from './frame-pipe.ts';
import type { User } from './generations.ts';
import type { Orders, ServiceNotice } from './protocol.ts';

export interface MemberOptions {
  /** From 1: a worker that takes the place of another has its number. */
  readonly slot: number;
  readonly process: Worker;
  /** Answers the worker's calls. */
  readonly answer: (name: string, args: readonly unknown[]) => unknown;
  readonly notice: (name: string, value: unknown) => void;
  /** Answers its frames. */
  readonly frame: (questions: FrameReader, answers: FrameWriter) => void;
}

export class Member implements User {
  readonly slot: number;
  readonly process: Worker;
  /** Whether it serves. */
  ready = false;
  /** Which configuration it has, or is being given. */
  generation = 0;
  /** Whether it was told to end. */
  stopping = false;
  /** What its plugins last answered; counted where it is gone, or does not answer. */
  readonly said = new Map<string, unknown>();
  readonly #channel: Channel;
  readonly #gone = Promise.withResolvers<void>();
  readonly #heard = Promise.withResolvers<void>();

  constructor({ slot, process, answer, notice, frame }: MemberOptions) {
    this.slot = slot;
    this.process = process;
    this.#channel = new Channel({
      send: (parcel) => void process.send(parcel),
      answer,
      notice,
    });
    const answerFrame = (questions: FrameReader): void => {
      const answers = frames.frame();
      frame(questions, answers);
      frames.send(answers);
    };
    const frames = new FramePipe(process.process.stdio[FRAMES_FD] as Socket, answerFrame, () => this.#heard.resolve());
    process.on('message', (message: unknown) => this.#channel.receive(message));
    // Sending to a process that has just ended is no error: its end is told by itself.
    process.on('error', () => undefined);
  }

  /** Resolves when the process has ended and all that it had sent was taken in. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Resolves when its process has ended and all of its frames were taken in. */
  get heard(): Promise<void> {
    return this.#heard.promise;
  }

  get name(): string {
    return `worker ${this.slot} (process ${this.process.process.pid})`;
  }

  tell(notice: ServiceNotice): void {
    this.#channel.tell('notice', notice);
  }

  /** Resolves when the configuration serves in this worker. */
  reload(orders: Orders): Promise<void> {
    return this.#channel.call('reload', orders);
  }

  /** Resolves with the plugin's answer. */
  answerOf(plugin: string): Promise<unknown> {
    return this.#channel.call('answer', plugin);
  }

  /** Lets it finish what is under way. Resolves with how many exchanges were broken off; 0 where it was gone. */
  async stop(): Promise<number> {
    this.stopping = true;
    const broken = await this.#channel.call<number>('stop').catch(() => 0);
    await this.gone;
    return broken;
  }

  /** Ends it at once. */
  kill(): void {
    this.stopping = true;
    this.process.process.kill('SIGKILL');
  }

  /** The process has ended, and its pipe is empty. */
  ended(): void {
    this.#channel.close(`The ${this.name} is gone.`);
    this.#gone.resolve();
  }
}
