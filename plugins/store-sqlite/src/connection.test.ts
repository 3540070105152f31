/** The thread of a connection ends when it is closed, by itself, and leaves no code behind that another's end could free again. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { systemClock } from '@gatewright/core';
import { expect, test } from 'vitest';
import { Connection } from './connection.ts';

test('the thread of a closed connection has ended by itself, when what was asked before is answered', async () => {
  const started = once(process, 'worker') as Promise<[Worker]>;
  const connection = new Connection(':memory:', 'use');
  const [worker] = await started;
  const ended = once(worker, 'exit');
  const written = connection.call('write', [{ kind: 'team', id: 'a', value: 1 }], [], systemClock.now());
  await connection.close();
  expect(await written).toBe(1);
  // Of one that was stopped, wherever it was, the code is 1.
  expect(await ended).toEqual([0]);
});

test('a connection whose database did not open, or that is closed already, is closed at once', async () => {
  const connection = new Connection('/dev/null/records.db', 'use');
  await expect(connection.ready).rejects.toMatchObject({ code: 'GW_STORE_UNAVAILABLE' });
  await connection.close();
  await connection.close();
});

test('the WebAssembly that strips the types of threads is not freed while they come and go', async () => {
  const script = `
    const { Connection } = await import(${JSON.stringify(join(import.meta.dirname, 'connection.ts'))});
    for (let n = 0; n < 2; n++) {
      const connection = new Connection(':memory:', 'use');
      await connection.ready;
      await connection.close();
    }`;
  const flags = ['--no-warnings', '--trace-wasm-code-gc', '--stress-wasm-code-gc', '--conditions=gatewright-source'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', script], {
    cwd: import.meta.dirname,
  });
  // Before the database's threads, the main thread may have freed what is its own.
  expect(stdout).not.toContain('outstanding isolates: 2');
});
