/** Tests of the command with several processes: how it starts, and how it ends. Needs a build. */
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { PATIENCE, spawnCommand } from './process.test.kit.ts';
import { folderOf, removeFolder, until } from './terminal.test.kit.ts';

// Each starts three processes or more.
vi.setConfig({ testTimeout: 2000 * PATIENCE });

const CONFIG = `
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
    with: { tokensPerSecond: 20, firstTokenDelay: 20 }
  - use: ./house.ts
models:
  slow: { targets: [simulated/sim] }
`;

/** Where there is a file `bad`, it fails when all else is set up: in a worker, where the primary has found nothing wrong. */
const HOUSE = `
import { existsSync } from 'node:fs';
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: 'house', version: '1.0.0', engine: '^1', options: z.strictObject({}),
  setup({ http, onReady }) {
    http.route('GET', '/pid', (context) => { context.body = { pid: process.pid }; });
    onReady(() => { if (existsSync('bad')) throw new Error('The house is not ready.'); });
  },
});
`;

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

function folder(): string {
  const made = folderOf({ 'gatewright.yaml': CONFIG, 'house.ts': HOUSE });
  folders.push(made);
  return made;
}

async function ask(url: string): Promise<Response> {
  const messages = [{ role: 'user', content: 'Tell me a story.' }];
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const body = JSON.stringify({ model: 'slow', stream: true, messages });
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
}

async function pids(url: string): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; tries < 24; tries++) {
    const reply = await fetch(`${url}/pid`, { headers: { connection: 'close' } });
    found.add(((await reply.json()) as { pid: number }).pid);
  }
  return [...found];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('says how many serve, and ends in order', async () => {
  const command = spawnCommand(folder(), ['start', '--port', '0', '--workers', '2']);
  const url = await command.url();
  expect(command.said.err).toContain('  workers   2 processes\n');
  const replies = await Promise.all(Array.from({ length: 4 }, () => ask(url)));
  command.kill('SIGTERM');
  for (const reply of replies) expect((await reply.text()).trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect(await command.ended).toMatchObject({ code: 0, signal: null });
  expect(command.said.err.endsWith('Stopped.\n')).toBe(true);
});

test('a second signal ends all of them at once', async () => {
  const command = spawnCommand(folder(), ['start', '--port', '0', '--workers', '2']);
  const url = await command.url();
  const workers = await pids(url);
  expect(workers.length).toBe(2);
  const reply = await ask(url);
  command.kill('SIGINT');
  await until(() => (command.said.err.includes('Stopping (SIGINT)') ? true : undefined), PATIENCE);
  command.kill('SIGINT');
  expect(await command.ended).toMatchObject({ code: null, signal: 'SIGINT' });
  await expect(reply.text()).rejects.toThrow('terminated');
  await until(() => (workers.some(isRunning) ? undefined : true), PATIENCE);
});

test('a port that is in use is told as by one process', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const command = spawnCommand(folder(), ['start', '--port', String(port), '--workers', '2']);
  expect(await command.ended).toMatchObject({ code: 1 });
  expect(command.said.err).toContain(`Cannot listen on 127.0.0.1:${port}: the port is in use.\n`);
  other.close();
});

test('another gateway whose workers have the port counts as using it', async () => {
  const first = spawnCommand(folder(), ['start', '--port', '0', '--workers', '2']);
  const { port } = new URL(await first.url());
  const second = spawnCommand(folder(), ['start', '--port', port, '--workers', '2']);
  expect(await second.ended).toMatchObject({ code: 1 });
  expect(second.said.err).toContain('the port is in use');
  first.kill('SIGTERM');
  expect(await first.ended).toMatchObject({ code: 0 });
});

test('what only a worker finds out keeps the gateway from starting, and is told', async () => {
  const where = folder();
  writeFileSync(join(where, 'bad'), '');
  const command = spawnCommand(where, ['start', '--port', '0', '--workers', '2']);
  expect(await command.ended).toMatchObject({ code: 1 });
  expect(command.said.err).toContain('The house is not ready.');
});

test('a configuration that the first worker refuses is refused, and nobody is any different', async () => {
  const where = folder();
  const command = spawnCommand(where, ['start', '--port', '0', '--workers', '2']);
  const url = await command.url();
  const before = await pids(url);
  writeFileSync(join(where, 'bad'), '');
  command.kill('SIGHUP');
  await until(() => (command.said.err.includes('the one from before goes on.') ? true : undefined), PATIENCE);
  expect(command.said.err).toContain('The house is not ready.');
  expect(new Set(await pids(url))).toEqual(new Set(before));
  rmSync(join(where, 'bad'));
  command.kill('SIGHUP');
  await until(() => (command.said.err.includes('Reloaded all workers') ? true : undefined), PATIENCE);
  command.kill('SIGTERM');
  expect(await command.ended).toMatchObject({ code: 0 });
});
