/** Tests that the processor time of a process is read with that of its children. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { canReadProcesses, processTime } from './process-time.ts';

test.skipIf(!canReadProcesses)('counts what a process and its ended children used', () => {
  const before = processTime(process.pid);
  spawnSync(process.execPath, [
    '-e',
    'const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);',
  ]);
  expect(processTime(process.pid) - before).toBeGreaterThan(150_000);
});

test.skipIf(!canReadProcesses)('knows nothing of a process that is none', () => {
  expect(processTime(2 ** 30)).toBe(0);
});
