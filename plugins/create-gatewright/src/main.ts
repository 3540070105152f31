/** Runs the command line of this process. */
import { createInterface } from 'node:readline/promises';
import { create } from './index.ts';

const isTerminal = process.stdin.isTTY && process.stdout.isTTY;

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // The end of the input (Ctrl-D) is an answer too: the default.
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return await Promise.race([lines.question(question), closed]);
  } finally {
    lines.close();
  }
}

process.exitCode = await create(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  cwd: process.cwd(),
  ask: isTerminal ? ask : undefined,
});
