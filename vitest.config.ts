/** How every test of the repository is run. */
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  // Packages are tested from their sources; only spawned processes use what was built.
  resolve: { conditions: ['gatewright-source'] },
  ssr: { resolve: { conditions: ['gatewright-source'] } },
  test: {
    include: ['{core,plugins/*,examples/*,test,bench}/**/*.test.ts'],
    // Templates test themselves with Node's own runner, as those who get them do.
    exclude: ['**/node_modules/**', '**/dist/**', 'plugins/create-gatewright/templates/**'],
    globalSetup: ['./test/temporary-folder.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Half of the time goes into waiting for servers: one core left free would be half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
  },
});
