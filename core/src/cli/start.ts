/** `gatewright start`: boots a gateway, serves until a signal comes, and ends without breaking what is under way. */
import { createGateway, type Gateway } from '../gateway.ts';
import { listenFailure } from './address.ts';
import { banner } from './banner.ts';
import { count } from './count.ts';
import { watchCrashes } from './crash.ts';
import { CommandFailure, sayFailure } from './failure.ts';
import { configLocation } from './location.ts';
import { terminalLogger } from './logger.ts';
import { Reloader } from './reloader.ts';
import { colorsFor, type Terminal } from './terminal.ts';
import { coreVersion } from './version.ts';

export interface StartOptions {
  /** The file, or the folder that has one. */
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
}

/** Why a gateway ends, and the exit code that follows. */
interface Ending {
  readonly reason: string;
  readonly code: number;
}

/** What the streams of the process itself are called among its open things. */
const STANDARD = new Set(['PipeWrap', 'TTYWrap']);

/** How long the process may live on after everything was closed, in milliseconds. */
const LEFTOVER_PATIENCE = 3_000;

/** Resolves with the exit code when the gateway has ended. Rejects where it cannot start. */
export async function start(options: StartOptions, terminal: Terminal): Promise<number> {
  const { cwd, env, clock, signals } = terminal;
  const logger = terminalLogger(terminal);
  const config = configLocation(options.config, cwd);
  let gateway: Gateway | undefined;
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const crashed = (): void => end({ reason: 'an error that nobody caught', code: 1 });
  const unwatch = watchCrashes(signals, () => gateway?.kernel.logger ?? logger, crashed);
  try {
    gateway = await createGateway(config, { cwd, env, clock, logger });
    await listen(gateway, options, terminal);
    const booted = gateway;
    const failed = (error: unknown): void => {
      reloadFailed(error, terminal);
      const { logger: log } = booted.kernel;
      // Where a plugin keeps the log, it belongs there as well.
      if (log !== logger) log.error(`The configuration was not reloaded: ${String(error)}`);
    };
    const reloader = new Reloader({ gateway, config, clock, failed });
    const release = onSignals(terminal, end, reloader);
    const ending = await ended;
    reloader.stop();
    await drain(gateway, ending, terminal);
    release();
    return ending.code;
  } finally {
    unwatch();
  }
}

async function listen(gateway: Gateway, options: StartOptions, terminal: Terminal): Promise<void> {
  const { clock, err, env } = terminal;
  const { listen: configured } = gateway.kernel.config;
  const at = { host: options.host ?? configured.host, port: options.port ?? configured.port };
  try {
    const address = await gateway.listen(at);
    const boot = clock.monotonic() - terminal.started;
    err.write(`${banner({ kernel: gateway.kernel, version: coreVersion(), address, boot }, colorsFor(err, env))}\n`);
  } catch (error) {
    await gateway.close();
    throw listenFailure(error, at.host, at.port);
  }
}

/** The first signal to end drains; the second ends at once. The answer lets go of the signals. */
function onSignals({ signals, hungUp }: Terminal, end: (ending: Ending) => void, reloader: Reloader): () => void {
  let ending = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (ending) {
      release();
      // The shell and the supervisor see the signal itself: 130 or 143.
      signals.raise(signal);
      return;
    }
    ending = true;
    end({ reason: signal, code: 0 });
  };
  // A closed terminal sends the same signal as an operator who wants a reload; the gateway must not outlive it unseen.
  const hangUp = (): void => (hungUp() ? stop('SIGHUP') : reloader.request());
  const releases = [
    signals.listen('SIGINT', () => stop('SIGINT')),
    signals.listen('SIGTERM', () => stop('SIGTERM')),
    signals.listen('SIGHUP', hangUp),
  ];
  const release = (): void => releases.forEach((one) => one());
  return release;
}

async function drain(gateway: Gateway, { reason }: Ending, terminal: Terminal): Promise<void> {
  const { kernel, active } = gateway;
  const { logger } = kernel;
  const wait = `${active} under way may take ${kernel.config.timeouts.drain / 1000} s more; the same signal again ends at once`;
  logger.info(`Stopping (${reason}): no new requests${active === 0 ? '.' : `; ${wait}.`}`);
  const broken = await gateway.close();
  const { err } = terminal;
  if (broken > 0) err.write(`Stopped. ${count(broken, 'answer was', 'answers were')} broken off at the deadline.\n`);
  else err.write('Stopped.\n');
  watchLeftovers(terminal);
}

/** All is closed; where a plugin has left something open, it is named, and the process ends all the same. */
function watchLeftovers({ clock, err, signals }: Terminal): void {
  clock.after(LEFTOVER_PATIENCE, () => {
    const open = [...new Set(process.getActiveResourcesInfo())].filter((kind) => !STANDARD.has(kind)).join(', ');
    err.write(`A plugin has left something open that keeps the process alive (${open}); see its onDispose.\n`);
    signals.raise('SIGTERM');
  });
}

function reloadFailed(error: unknown, terminal: Terminal): void {
  sayFailure(error, terminal);
  sayFailure(new CommandFailure('The configuration was not reloaded; the one from before goes on.'), terminal);
}
