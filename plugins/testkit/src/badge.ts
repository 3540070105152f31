/** The line that says which suite of which version a plugin has passed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Runner } from './runner.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** `conforms to @gatewright/testkit 0.1.0: provider`. */
export function badge(role: string): string {
  return `conforms to @gatewright/testkit ${version}: ${role}`;
}

/** Registers a suite, and one test more behind it: its name is the badge, and it passes where all the others have passed. */
export function conforming(runner: Runner, role: string, register: (runner: Runner) => void): void {
  const passed = new Map<string, Promise<boolean>>();
  let registered = 0;
  register({
    describe: (name, body) => runner.describe(name, body),
    test(name, body) {
      const number = registered++;
      return runner.test(name, () => {
        const run = body();
        passed.set(
          `${number}`,
          run.then(
            () => true,
            () => false,
          ),
        );
        return run;
      });
    },
  });
  runner.test(badge(role), async () => {
    const failed = (await Promise.all(passed.values())).filter((well) => !well).length;
    assert.equal(failed, 0, `${failed} of its ${registered} tests failed.`);
    assert.equal(passed.size, registered, `${registered - passed.size} of its ${registered} tests did not run.`);
  });
}
