/** `gatewright start` with several processes: this one does not serve, it keeps those that do. */
import cluster from 'node:cluster';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NormalConfig } from '../config/normal.ts';
import { hostOf } from '../gateway.ts';
import { Overseer } from '../workers/overseer.ts';
import { listenFailure } from './address.ts';
import { banner } from './banner.ts';
import { watchCrashes } from './crash.ts';
import { onSignals, reloadFailed, sayStopped, type Ending } from './ending.ts';
import { terminalLogger } from './logger.ts';
import { flagsOfWorkers, spareMemory } from './sparing.ts';
import type { StartOptions } from './start.ts';
import { colorsFor, type Terminal } from './terminal.ts';
import { coreVersion } from './version.ts';
import { Watcher } from './watcher.ts';

export interface StartWorkersOptions extends StartOptions {
  readonly config: string;
  readonly workers: number;
  /** What the configuration says. */
  readonly listen: NormalConfig['listen'];
}

/** Resolves with the exit code when the gateway has ended. Rejects where it cannot start. */
export async function startWorkers(options: StartWorkersOptions, terminal: Terminal): Promise<number> {
  const { cwd, env, clock, signals } = terminal;
  const { config: file, host, port, workers } = options;
  const logger = terminalLogger(terminal);
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const unwatch = watchCrashes(
    signals,
    () => logger,
    () => end({ reason: 'an error that nobody caught', code: 1 }),
  );
  prepareCluster();
  const overseer: Overseer = new Overseer({
    file,
    cwd,
    env,
    clock,
    logger,
    host: hostOf({ clock, logger }, { reload: () => overseer.reload(), preview: () => overseer.preview() }),
    workers,
    at: { ...(host !== undefined && { host }), ...(port !== undefined && { port }) },
    failed: (error) => reloadFailed(error, terminal),
  });
  try {
    const announce = await begin(overseer, options, terminal);
    const release = onSignals(terminal, {
      end,
      reload: () => overseer.request(),
      atOnce: () => overseer.kill(),
    });
    announce();
    const spareNoMore = spareMemory();
    const watches = options.watch ?? overseer.kernel.config.reload.watch;
    const watcher = watches ? new Watcher(resolve(cwd, file), clock, () => overseer.request()) : undefined;
    const { reason, code } = await ended;
    spareNoMore();
    watcher?.stop();
    logger.info(`Stopping (${reason}): no new requests; the workers finish what is under way.`);
    sayStopped(await overseer.stop(), terminal);
    release();
    return code;
  } finally {
    unwatch();
  }
}

/**
 * Where plugins listen in workers, they all take connections from one socket. Node's own way, by which the primary hands them
 * out in turn, leaves a client waiting for ever whose connection was just given to a worker that died.
 */
function prepareCluster(): void {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  // Run from its sources, the worker's file is TypeScript too.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(file, import.meta.url)),
    args: [],
    execArgv: flagsOfWorkers(),
    serialization: 'advanced',
    // The last is for frames.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'],
  });
}

/** The answer says where they listen; that they do is to be read only once signals are heard. */
async function begin(
  overseer: Overseer,
  { host, port, workers, listen }: StartWorkersOptions,
  terminal: Terminal,
): Promise<() => void> {
  const { clock, err, env } = terminal;
  try {
    const address = await overseer.start();
    const boot = clock.monotonic() - terminal.started;
    const ready = { kernel: overseer.kernel, version: coreVersion(), address, boot, workers };
    return () => err.write(`${banner(ready, colorsFor(err, env))}\n`);
  } catch (error) {
    throw listenFailure(error, host ?? listen.host, port ?? listen.port);
  }
}
