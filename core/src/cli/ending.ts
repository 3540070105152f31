/** How a process that serves comes to its end: by which signals, and with what still open. */
import { count } from '../count.ts';
import { CommandFailure, sayFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** Why a gateway ends, and the exit code that follows. */
export interface Ending {
  readonly reason: string;
  readonly code: number;
}

/** What the streams of the process itself are called among its open things. */
const STANDARD = new Set(['PipeWrap', 'TTYWrap']);

/** How long the process may live on after everything was closed, in milliseconds. */
const LEFTOVER_PATIENCE = 3_000;

export interface SignalOptions {
  /** The first signal to end. */
  readonly end: (ending: Ending) => void;
  readonly reload: () => void;
  /** The second one, before the process is ended by it. */
  readonly atOnce?: () => void;
}

/** The first signal to end drains; the second ends at once. The answer lets go of the signals. */
export function onSignals({ signals, hungUp }: Terminal, { end, reload, atOnce }: SignalOptions): () => void {
  let ending = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (ending) {
      release();
      atOnce?.();
      // The shell and the supervisor see the signal itself: 130 or 143.
      signals.raise(signal);
      return;
    }
    ending = true;
    end({ reason: signal, code: 0 });
  };
  // A closed terminal sends the same signal as an operator who wants a reload; the gateway must not outlive it unseen.
  const hangUp = (): void => (hungUp() ? stop('SIGHUP') : reload());
  const releases = [
    signals.listen('SIGINT', () => stop('SIGINT')),
    signals.listen('SIGTERM', () => stop('SIGTERM')),
    signals.listen('SIGHUP', hangUp),
  ];
  const release = (): void => releases.forEach((one) => one());
  return release;
}

/** All is closed; where a plugin has left something open, it is named, and the process ends all the same. */
export function watchLeftovers({ clock, err, signals }: Terminal): void {
  clock.after(LEFTOVER_PATIENCE, () => {
    const open = [...new Set(process.getActiveResourcesInfo())].filter((kind) => !STANDARD.has(kind)).join(', ');
    err.write(`A plugin has left something open that keeps the process alive (${open}); see its onDispose.\n`);
    signals.raise('SIGTERM');
  });
}

/** The last words, with how many answers were broken off. */
export function sayStopped(broken: number, terminal: Terminal): void {
  const { err } = terminal;
  if (broken > 0) err.write(`Stopped. ${count(broken, 'answer was', 'answers were')} broken off at the deadline.\n`);
  else err.write('Stopped.\n');
  watchLeftovers(terminal);
}

/** Says why a configuration was refused. */
export function reloadFailed(error: unknown, terminal: Terminal): void {
  sayFailure(error, terminal);
  sayFailure(new CommandFailure('The configuration was not reloaded; the one from before goes on.'), terminal);
}
