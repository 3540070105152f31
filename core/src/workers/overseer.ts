/** The primary process: checks configurations, keeps what all workers share, and hands the configurations to them. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { loadConfig, normalOf } from '../config/load.ts';
import type { NormalConfig } from '../config/normal.ts';
import { formatProblems } from '../config/problems.ts';
import { GatewayError } from '../errors.ts';
import type { ConfigInput } from '../gateway.ts';
import { addressOf, CAN_SHARE_PORTS, refusedMove, type ListenAt } from '../http/listeners.ts';
import { bootKernel } from '../kernel/boot.ts';
import type { Kernel, KernelHost } from '../kernel/kernel.ts';
import type { Logger } from '../logger.ts';
import { changesBetween } from '../plan/difference.ts';
import { warnOfRestarts, type ConfigChange, type Reloading } from '../reload.ts';
import { Turns } from '../turns.ts';
import { Crew } from './crew.ts';
import { Generations } from './generations.ts';
import { placementProblems } from './placement.ts';

export interface OverseerOptions {
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly host: KernelHost;
  /** What counts instead of the configuration's `workers`. */
  readonly workers: number;
  readonly at: ListenAt;
  /** Hears why a configuration was refused, besides whoever asked. */
  readonly failed: (error: unknown) => void;
}

/** A configuration that was read and checked. */
interface Checked {
  /** What workers are given: always the text that was checked, whatever stands in the file by then. */
  readonly input: ConfigInput;
  readonly config: NormalConfig;
  /** All of it, set up to be looked at, and taken down again. */
  readonly kernel: Kernel;
}

const TEXT = new Set(['.yaml', '.yml', '.json']);

export class Overseer implements Reloading {
  readonly #options: OverseerOptions;
  readonly #generations: Generations;
  readonly #turns = new Turns(() => this.#reload());
  #checked: Checked | undefined;
  #crew: Crew | undefined;
  #stopped = false;

  constructor(options: OverseerOptions) {
    this.#options = options;
    this.#generations = new Generations(options.host);
  }

  /** The configuration that serves, to be looked at. */
  get kernel(): Kernel {
    if (this.#checked === undefined) throw new GatewayError('GW_INTERNAL', 'The gateway has not started.');
    return this.#checked.kernel;
  }

  /** Resolves with the address when all workers serve. Rejects with everything that is wrong. */
  async start(): Promise<AddressInfo> {
    const { workers: count, clock, logger, at } = this.#options;
    const generations = this.#generations;
    const checked = await this.#check();
    const wanted = addressOf(at, checked.config);
    const port = await freePort(wanted);
    const generation = await generations.open(checked.config);
    this.#checked = checked;
    const crew = new Crew({
      count,
      clock,
      logger,
      generations,
      reloading: this,
      // Where any port is as good, all take the one that was found.
      at: CAN_SHARE_PORTS && wanted.port === 0 ? { ...at, port } : at,
      orders: { config: checked.input, generation },
    });
    try {
      const address = await crew.start();
      this.#crew = crew;
      await generations.serve(generation);
      return address;
    } catch (error) {
      await generations.close();
      throw error;
    }
  }

  reload(): Promise<readonly ConfigChange[]> {
    return this.#turns.take();
  }

  /** {@link reload} for those who want no answer. */
  request(): void {
    this.reload().catch(() => undefined);
  }

  async preview(): Promise<readonly ConfigChange[]> {
    const { kernel } = await this.#check();
    return changesBetween(this.kernel, kernel);
  }

  /** Lets the workers finish what is under way. Resolves with how many exchanges were broken off. */
  async stop(): Promise<number> {
    this.#stopped = true;
    const broken = (await this.#crew?.stop()) ?? 0;
    await this.#generations.close();
    return broken;
  }

  kill(): void {
    this.#crew?.kill();
  }

  async #reload(): Promise<readonly ConfigChange[]> {
    const { failed, clock, logger } = this.#options;
    const started = clock.monotonic();
    try {
      const before = this.kernel;
      const checked = await this.#check();
      await this.#checkMove(checked.config);
      const generation = await this.#generations.open(checked.config);
      await this.#give(checked, generation);
      const changes = changesBetween(before, checked.kernel);
      logger.info(`Reloaded all workers in ${Math.round(clock.monotonic() - started)} ms.`);
      warnOfRestarts(changes, logger);
      return changes;
    } catch (error) {
      failed(error);
      throw error;
    }
  }

  /** Workers share a port with whoever else would share it: that nobody has it yet is seen from here. */
  async #checkMove(config: NormalConfig): Promise<void> {
    const { at } = this.#options;
    const [before, after] = [addressOf(at, this.kernel.config), addressOf(at, config)];
    if (before.host === after.host && before.port === after.port) return;
    try {
      await freePort(after);
    } catch (cause) {
      throw refusedMove(after, cause as Error);
    }
  }

  async #give(checked: Checked, generation: number): Promise<void> {
    try {
      if (this.#stopped) throw new GatewayError('GW_SHUTTING_DOWN', 'The gateway is stopping.');
      await this.#crew?.reload({ config: checked.input, generation });
    } catch (error) {
      await this.#generations.drop(generation);
      throw error;
    }
    this.#checked = checked;
    await this.#generations.serve(generation);
  }

  async #check(): Promise<Checked> {
    const { file, cwd, env, host } = this.#options;
    const found = normalOf(await loadConfig({ file, cwd, env }));
    const path = found.file ?? file;
    const input = TEXT.has(extname(path)) ? { file: path, text: readFileSync(path, 'utf8') } : path;
    const config = typeof input === 'string' ? found : normalOf(await loadConfig({ ...input, cwd, env }));
    const problems = placementProblems(config);
    if (problems.length > 0) throw new GatewayError('GW_CONFIG', formatProblems(problems), { problems });
    const kernel = await bootKernel(config, { ...host, dry: 'sealed' });
    await kernel.dispose();
    return { input, config, kernel };
  }
}

/** Whether one can listen there alone; answers the port. Rejects with what the system says. */
function freePort({ host, port }: { readonly host: string; readonly port: number }): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const found = (server.address() as AddressInfo).port;
      server.close(() => resolve(found));
    });
  });
}
