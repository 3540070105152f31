/** Runs a suite as a test runner would, to see which of its tests fail. */
import type { Runner } from './runner.ts';

export interface Result {
  /** The names of the tests that fail. */
  readonly failed: readonly string[];
  readonly count: number;
}

/** Runs what a suite registers. All tests run at once: each has its own ground to stand on. */
export async function resultOf(register: (runner: Runner) => void): Promise<Result> {
  const tests: Promise<string | undefined>[] = [];
  const run = async (name: string, body: () => Promise<void>): Promise<string | undefined> =>
    body().then(
      () => undefined,
      () => name,
    );
  register({ describe: (_name, body) => body(), test: (name, body) => tests.push(run(name, body)) });
  const names = await Promise.all(tests);
  // The badge says of all the others whether they passed: it is no rule of its own.
  const failed = names.filter((name) => name !== undefined && !name.startsWith('conforms to '));
  return { failed: failed as string[], count: names.length - 1 };
}
