/** Runs the command line of this process. */
import { isatty } from 'node:tty';
import { systemClock } from '../clock.ts';
import { runCommand } from './program.ts';

// Whoever reads the output may stop reading (`| head`), and a terminal may be closed: no reason to crash.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));

process.exitCode = await runCommand(process.argv.slice(2), {
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
  hungUp: () => terminals.some((descriptor) => !isatty(descriptor)),
});
