/** `gatewright start`: boots a gateway, serves until a signal comes, and ends without breaking what is under way. */
import { resolve } from 'node:path';
import { availableParallelism } from 'node:os';
import { loadConfig, normalOf } from '../config/load.ts';
import { GatewayError } from '../errors.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { Reloading } from '../reload.ts';
import { Reloader } from '../reloader.ts';
import { listenFailure } from './address.ts';
import { banner } from './banner.ts';
import { watchCrashes } from './crash.ts';
import { onSignals, reloadFailed, sayStopped, type Ending } from './ending.ts';
import { IdleCollection } from './idle-collection.ts';
import { configLocation } from './location.ts';
import { terminalLogger } from './logger.ts';
import { withProviders } from './missing-service.ts';
import { spareMemory } from './sparing.ts';
import { colorsFor, type Terminal } from './terminal.ts';
import { coreVersion } from './version.ts';
import { Watcher } from './watcher.ts';

export interface StartOptions {
  /** The file, or the folder that has one. */
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  /** Reload when the file has changed. Default: as the configuration says. */
  readonly watch?: boolean;
  /** In how many processes it serves. Default: as the configuration says. */
  readonly workers?: number | 'auto';
}

/** Resolves with the exit code when the gateway has ended. Rejects where it cannot start. */
export async function start(options: StartOptions, terminal: Terminal): Promise<number> {
  const { cwd, env, clock, signals } = terminal;
  const logger = terminalLogger(terminal);
  const config = configLocation(options.config, cwd);
  const loaded = normalOf(await loadConfig({ file: config, cwd, env }));
  const workers = workersOf(options.workers ?? loaded.workers);
  if (workers > 1)
    return (await import('./start-workers.ts')).startWorkers(
      { ...options, config, workers, listen: loaded.listen },
      terminal,
    );
  let gateway: Gateway | undefined;
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const crashed = (): void => end({ reason: 'an error that nobody caught', code: 1 });
  const unwatch = watchCrashes(signals, () => gateway?.kernel.logger ?? logger, crashed);
  let reloader: Reloader | undefined;
  const reloading: Reloading = {
    reload: () => reloader?.reload() ?? Promise.reject(notYet()),
    preview: () => reloader?.preview() ?? Promise.reject(notYet()),
  };
  try {
    const making = createGateway(config, { cwd, env, clock, logger, reloading, loaded });
    const booted = await making.catch(async (error: unknown) => {
      throw await withProviders(error, config, cwd);
    });
    gateway = booted;
    const announce = await listen(booted, options, terminal);
    const failed = (error: unknown): void => {
      reloadFailed(error, terminal);
      const { logger: log } = booted.kernel;
      // Where a plugin keeps the log, it belongs there as well.
      if (log !== logger) log.error(`The configuration was not reloaded: ${String(error)}`);
    };
    reloader = new Reloader({ gateway: booted, config, clock, failed });
    const request = (): void => reloader?.request();
    const watcher = watch(booted, options, terminal, resolve(cwd, config), request);
    const release = onSignals(terminal, { end, reload: request });
    const collection = new IdleCollection({ clock, active: () => booted.active });
    announce();
    const spareNoMore = spareMemory();
    const ending = await ended;
    spareNoMore();
    collection.stop();
    reloader.stop();
    watcher?.stop();
    await drain(booted, ending, terminal);
    release();
    return ending.code;
  } finally {
    unwatch();
  }
}

/** How many processes a word stands for. */
function workersOf(workers: number | 'auto'): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/** A plugin that asks for a reload while it is set up. */
function notYet(): GatewayError {
  return new GatewayError('GW_CONFIG', 'The gateway has not started yet.');
}

function watch(
  { kernel }: Gateway,
  { watch: asked }: StartOptions,
  { clock }: Terminal,
  path: string,
  request: () => void,
): Watcher | undefined {
  return (asked ?? kernel.config.reload.watch) ? new Watcher(path, clock, request) : undefined;
}

/** The answer says where it listens; that it does is to be read only once signals are heard. */
async function listen(gateway: Gateway, options: StartOptions, terminal: Terminal): Promise<() => void> {
  const { clock, err, env } = terminal;
  const { listen: configured } = gateway.kernel.config;
  const { host, port } = options;
  try {
    // What was said here stays; the rest goes where a reload moves it.
    const address = await gateway.listen({ ...(host !== undefined && { host }), ...(port !== undefined && { port }) });
    const boot = clock.monotonic() - terminal.started;
    const ready = { kernel: gateway.kernel, version: coreVersion(), address, boot };
    return () => err.write(`${banner(ready, colorsFor(err, env))}\n`);
  } catch (error) {
    await gateway.close();
    throw listenFailure(error, host ?? configured.host, port ?? configured.port);
  }
}

async function drain(gateway: Gateway, { reason }: Ending, terminal: Terminal): Promise<void> {
  const { kernel, active } = gateway;
  const { logger } = kernel;
  const wait = `${active} under way may take ${kernel.config.timeouts.drain / 1000} s more; the same signal again ends at once`;
  logger.info(`Stopping (${reason}): no new requests${active === 0 ? '.' : `; ${wait}.`}`);
  sayStopped(await gateway.close(), terminal);
}
