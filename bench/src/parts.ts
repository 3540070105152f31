/** Runs the measurement of parts in a process of its own, on the core of the servers under test. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinRunning, TEST_CORE } from './child.ts';
import type { MicroResult } from './micro.ts';
import { row, type Section } from './report.ts';

export async function parts(rounds: number): Promise<Section> {
  const results = await run(rounds);
  return {
    title: 'Parts on their own',
    about: 'In a tight loop, with everything warm: in a gateway under load they take up to twice as long.',
    rows: results.map(({ name, per, nanoseconds }) => {
      const median = Math.max(...nanoseconds);
      const [unit, scale] = median >= 100_000 ? ['µs', 1000] : ['ns', 1];
      return row(
        name,
        `${unit}/${per}`,
        nanoseconds.map((value) => value / scale),
      );
    }),
  };
}

function run(rounds: number): Promise<readonly MicroResult[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./micro.ts', import.meta.url)), [String(rounds)]);
    if (child.pid !== undefined) pinRunning(TEST_CORE, child.pid);
    child.once('message', (message) => {
      resolve((message as { results: MicroResult[] }).results);
      child.disconnect();
    });
    child.once('exit', (code) => reject(new Error(`The measurement of parts ended with code ${code}.`)));
  });
}
