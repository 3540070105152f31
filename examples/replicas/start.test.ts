/** Where PostgreSQL or Redis is not installed, the example says so in one line, and starts nothing. The README is followed by `test/docs`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('start.ts', import.meta.url));

test('without Redis, one line says what to install', () => {
  const env = { PATH: '/nowhere' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { env, encoding: 'utf8', timeout: 15_000 });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^This example needs Redis[^\n]*, not installed here: "apt install postgresql redis-server"[^\n]*\n$/,
  );
});
