/** The gateways under test do what is measured of them. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway } from '@gatewright/core';
import { expect, test } from 'vitest';
import { LIMITS, ONE_ARENA } from './lab.ts';
import { chatRequest, KEY } from './payload.ts';
import { SETUPS } from './setups.ts';
import { startUpstream } from './upstream.ts';

interface Line {
  readonly attempts?: readonly { readonly target: string; readonly status: number }[];
}

test('the provider that fails is called before another answers in its place', async () => {
  const { server, port } = await startUpstream();
  const logFile = join(await mkdtemp(join(tmpdir(), 'bench-setups-')), 'gateway.log');
  const config = SETUPS.shaky({ upstream: `http://127.0.0.1:${port}`, logFile });
  const gateway = await createGateway(config, { cwd: import.meta.dirname });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
  const request = {
    method: 'POST',
    url: '/v1/chat/completions',
    headers,
    payload: chatRequest('broken', 400),
  } as const;
  const { statusCode } = await gateway.inject(request);
  await gateway.close();
  server.close();
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
  const attempts = lines.flatMap((line) => (JSON.parse(line) as Line).attempts ?? []);
  expect(statusCode).toBe(200);
  expect(attempts.map(({ target, status }) => [target, status])).toEqual([
    ['broken/any', 500],
    [expect.stringMatching(/^whole\//), 200],
  ]);
});

test('gateways are started with what the command starts Node with', async () => {
  const command = await readFile(join(import.meta.dirname, '../../core/bin/gatewright.js'), 'utf8');
  expect(command).toContain(`var limits = [${LIMITS.map((limit) => `'${limit}'`).join(', ')}];`);
  expect(command).toContain(`{ MALLOC_ARENA_MAX: '${ONE_ARENA.MALLOC_ARENA_MAX}' }`);
});
