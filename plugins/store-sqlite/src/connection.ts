/** A database on a thread of its own, called from here. */
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '@gatewright/core';
import type { Database, Mode } from './database.ts';
import type { Answer, Call } from './thread.ts';

type Method = keyof Database;
type Result<M extends Method> = ReturnType<Database[M]>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What a call brings is garbage when it is answered: a young generation of 6 MB does as well as one of 24. */
const LIMITS = { maxYoungGenerationSizeMb: 6 };

// Run from its sources, the thread's file is TypeScript too.
const IS_SOURCE = import.meta.url.endsWith('.ts');

// Node strips types with WebAssembly. V8 13, of Node 24, frees such code of threads that have ended while others come, and may
// free it twice: on a busy machine the process dies, seldom (https://github.com/nodejs/node/issues/64500).
if (IS_SOURCE) setFlagsFromString('--no-wasm-code-gc');

export class Connection {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #failure: GatewayError | undefined;
  readonly #ended: Promise<unknown>;
  /** Resolves when the database is open. */
  readonly ready: Promise<void>;

  /** `look`: nothing is written, and no tables are made. */
  constructor(path: string, mode: Mode) {
    this.#path = path;
    const file = new URL(IS_SOURCE ? './thread.ts' : './thread.js', import.meta.url);
    this.#worker = new Worker(file, { workerData: { path, mode }, resourceLimits: LIMITS });
    this.ready = new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve: () => resolve(), reject });
    });
    // Whoever waits for it is told; where nobody does, the first call is.
    this.ready.catch(() => undefined);
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error: Error) => this.#fail(error.message));
    this.#worker.on('exit', () => this.#fail('its thread has ended'));
    this.#ended = new Promise((resolve) => this.#worker.on('exit', resolve));
  }

  call<M extends Method>(method: M, ...args: Parameters<Database[M]>): Promise<Result<M>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      const call: Call = { number, method, args };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(call);
    });
  }

  /** Resolves when all calls before have been answered and the thread has ended: by itself, and never in the midst of something. */
  async close(): Promise<void> {
    if (this.#failure === undefined) await this.call('close');
    await this.#ended;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if ('value' in answer) waiting?.resolve(answer.value);
    else waiting?.reject(this.#error(answer.failure));
  }

  #error({ message, conflict }: { message: string; conflict: boolean }): GatewayError {
    if (conflict) return new GatewayError('GW_CONFLICT', message);
    return new GatewayError('GW_STORE_UNAVAILABLE', `The database ${this.#path} failed: ${message}.`);
  }

  #fail(reason: string): void {
    this.#failure ??= this.#error({ message: reason, conflict: false });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}
