/** The terminal of this process. */
import { isatty } from 'node:tty';
import { systemClock } from '../clock.ts';
import { ask } from './ask.ts';
import type { Terminal } from './terminal.ts';

/** Whoever reads the output may stop reading (`| head`), and a terminal may be closed: no reason to crash. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  return {
    out: process.stdout,
    err: process.stderr,
    cwd: process.cwd(),
    env: process.env,
    clock: systemClock,
    // The monotonic clock of Node begins with the process: what people wait for is all of it.
    started: 0,
    signals: {
      listen: (event, listener) => {
        process.on(event, listener);
        return () => void process.off(event, listener);
      },
      raise: (signal) => void process.kill(process.pid, signal),
    },
    // Answers are typed at a terminal, and questions seen on one.
    ...(terminals.includes(0) && terminals.includes(2) && { ask }),
    hungUp: () => terminals.some((descriptor) => !isatty(descriptor)),
  };
}
