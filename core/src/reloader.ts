/** Reloads the configuration when it is asked to, one reload after the other. */
import { count } from './count.ts';
import type { Clock } from './clock.ts';
import { GatewayError } from './errors.ts';
import type { ConfigInput, Gateway } from './gateway.ts';
import { warnOfRestarts, type ConfigChange, type Reloading } from './reload.ts';
import { Turns } from './turns.ts';

export interface ReloaderOptions {
  readonly gateway: Gateway;
  readonly config: ConfigInput;
  readonly clock: Clock;
  /** Hears why a configuration was refused, besides whoever asked. */
  readonly failed?: (error: unknown) => void;
}

export class Reloader implements Reloading {
  readonly #options: ReloaderOptions;
  readonly #turns = new Turns(() => this.#reload());
  #stopped = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** One that is asked for while another runs follows it, for the file may have changed again; several such are one. */
  reload(): Promise<readonly ConfigChange[]> {
    return this.#turns.take();
  }

  /** {@link reload} for those who want no answer. */
  request(): void {
    this.reload().catch(() => undefined);
  }

  async preview(): Promise<readonly ConfigChange[]> {
    this.#checkFile();
    const { gateway, config } = this.#options;
    const { changesBetween } = await import('./plan/difference.ts');
    return gateway.compare(config, changesBetween);
  }

  /** Reloads no more. */
  stop(): void {
    this.#stopped = true;
  }

  async #reload(): Promise<readonly ConfigChange[]> {
    if (this.#stopped) throw new GatewayError('GW_SHUTTING_DOWN', 'The gateway is stopping.');
    const { gateway, config, clock, failed } = this.#options;
    const started = clock.monotonic();
    try {
      this.#checkFile();
      const { changesBetween } = await import('./plan/difference.ts');
      const before = gateway.kernel;
      // The rest of the reload is the end of the kernel before: nobody needs to wait for that.
      await new Promise<void>((resolve, reject) => void gateway.reload(config, resolve).catch(reject));
      return this.#swapped(started, changesBetween(before, gateway.kernel));
    } catch (error) {
      failed?.(error);
      throw error;
    }
  }

  #swapped(started: number, changes: readonly ConfigChange[]): readonly ConfigChange[] {
    const { gateway, clock } = this.#options;
    const { config, logger } = gateway.kernel;
    const took = Math.round(clock.monotonic() - started);
    const counts = `${count(config.plugins.length, 'plugin')}, ${count(config.models.length, 'model')}`;
    logger.info(`Reloaded in ${took} ms: ${counts}. Requests under way finish on the configuration from before.`);
    warnOfRestarts(changes, logger);
    return changes;
  }

  #checkFile(): void {
    if (typeof this.#options.config !== 'object') return;
    throw new GatewayError('GW_CONFIG', 'The configuration was given by a program: there is no file to read again.', {
      help: 'Let the program call gateway.reload(config).',
    });
  }
}
