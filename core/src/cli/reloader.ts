/** Reloads the configuration when it is asked to, one reload after the other. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { Gateway } from '../gateway.ts';
import { count } from './count.ts';

export interface ReloaderOptions {
  readonly gateway: Gateway;
  /** The file, or the folder that has one. */
  readonly config: string;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}

export class Reloader {
  readonly #options: ReloaderOptions;
  #busy = false;
  #again = false;
  #stopped = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Starts a reload. One that is asked for while another runs follows it; several such are one. */
  request(): void {
    if (this.#stopped) return;
    if (this.#busy) this.#again = true;
    else void this.#reload();
  }

  /** Reloads no more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Never rejects. */
  async #reload(): Promise<void> {
    const { gateway, config, clock, failed } = this.#options;
    const started = clock.monotonic();
    const before = gateway.kernel.config.listen;
    this.#busy = true;
    try {
      await gateway.reload(config, () => this.#swapped(started, before));
    } catch (error) {
      failed(error);
    }
    this.#busy = false;
    if (!this.#again) return;
    this.#again = false;
    this.request();
  }

  #swapped(started: number, before: unknown): void {
    const { gateway, clock } = this.#options;
    const { config, logger } = gateway.kernel;
    const took = Math.round(clock.monotonic() - started);
    const counts = `${count(config.plugins.length, 'plugin')}, ${count(config.models.length, 'model')}`;
    logger.info(`Reloaded in ${took} ms: ${counts}. Requests under way finish on the configuration from before.`);
    if (isDeepStrictEqual(before, config.listen)) return;
    logger.warn('The configuration has another address under "listen" now; it takes a restart to listen there.');
  }
}
