/** Tests of the command as a process: exit codes, signals, and what ends it or does not. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { COMMAND, spawnCommand } from './process.test.kit.ts';
import { folderOf, removeFolder, until } from './terminal.test.kit.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = folderOf(files);
  folders.push(folder);
  return folder;
}

/** A gateway with a plugin beside it; about 100 tokens a second. */
const CONFIG = `
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
    with: { tokensPerSecond: 100, firstTokenDelay: 20 }
  - use: ./house.ts
models:
  slow: { targets: [simulated/sim] }
`;

const house = (setup: string): string => `
import { writeFileSync } from 'node:fs';
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: 'house', version: '1.0.0', engine: '^1', options: z.strictObject({}),
  setup({ hooks, http, onReady, onDrain, onDispose }) { ${setup} },
});
`;

/** A sink that keeps records until it is flushed. */
const SINK = house(`
  const records: string[] = [];
  hooks.log.tap((record) => void records.push(record.result));
  onDrain(() => writeFileSync(new URL('flushed.txt', import.meta.url), records.join()));
`);

function ask(url: string): Promise<Response> {
  const body = JSON.stringify({
    model: 'slow',
    stream: true,
    messages: [{ role: 'user', content: 'Tell me a story.' }],
  });
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

describe('SIGTERM', () => {
  test('while a stream is under way: it ends whole, nobody else gets in, the sinks flush, exit code 0', async () => {
    const folder = folderWith({ 'gatewright.yaml': CONFIG, 'house.ts': SINK });
    const command = spawnCommand(folder, ['start', '--port', '0']);
    const url = await command.url();
    const reply = await ask(url);
    const reader = reply.body?.getReader();
    if (reader === undefined) throw new Error('no body');
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader.read()).value, { stream: true });
    command.kill('SIGTERM');
    await until(() => (command.said.err.includes('Stopping (SIGTERM)') ? true : undefined));
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      text += decoder.decode(piece.value, { stream: true });
    }
    expect(text).toContain('"finish_reason":"stop"');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await command.ended).toMatchObject({ code: 0, signal: null });
    expect(command.said.err).toContain(
      'no new requests; 1 under way may take 30 s more; the same signal again ends at once.\nStopped.\n',
    );
    expect(readFileSync(join(folder, 'flushed.txt'), 'utf8')).toBe('success');
  });

  test('at the deadline, what is left ends with one error, is logged, and the exit code is still 0', async () => {
    const folder = folderWith({ 'gatewright.yaml': `drainTimeout: 50ms\n${CONFIG}`, 'house.ts': SINK });
    const command = spawnCommand(folder, ['start', '--port', '0']);
    const reply = await ask(await command.url());
    command.kill('SIGTERM');
    const text = await reply.text();
    expect(text.match(/GW_SHUTTING_DOWN/g)).toHaveLength(1);
    expect(text).not.toContain('"finish_reason":"stop"');
    expect(await command.ended).toMatchObject({ code: 0, signal: null });
    expect(command.said.err).toContain('Stopped. 1 answer was broken off at the deadline.\n');
    expect(readFileSync(join(folder, 'flushed.txt'), 'utf8')).toBe('error');
  });

  test('a second time ends it at once, by that signal', async () => {
    const folder = folderWith({ 'gatewright.yaml': CONFIG, 'house.ts': SINK });
    const command = spawnCommand(folder, ['start', '--port', '0']);
    const reply = await ask(await command.url());
    command.kill('SIGINT');
    await until(() => (command.said.err.includes('Stopping (SIGINT)') ? true : undefined));
    command.kill('SIGINT');
    // A shell shows it as 130.
    expect(await command.ended).toMatchObject({ code: null, signal: 'SIGINT' });
    await expect(reply.text()).rejects.toThrow('terminated');
  });

  test('a plugin that leaves something open is told of, and does not keep the process', async () => {
    const open = house('onReady(() => void setInterval(() => undefined, 1000));');
    const folder = folderWith({ 'gatewright.yaml': CONFIG, 'house.ts': open });
    const command = spawnCommand(folder, ['start', '--port', '0']);
    await command.url();
    command.kill('SIGTERM');
    expect(await command.ended).toMatchObject({ signal: 'SIGTERM' });
    expect(command.said.err).toContain('A plugin has left something open that keeps the process alive (Timeout');
  });
});

describe('errors that nobody caught', () => {
  const stray = (what: string): string => house(`http.route('GET', '/stray', (ctx) => { ctx.body = 'ok'; ${what} });`);

  test('a rejection is logged with its stack; requests are answered as before', async () => {
    const folder = folderWith({
      'gatewright.yaml': CONFIG,
      'house.ts': stray("void Promise.reject(new Error('lost'));"),
    });
    const command = spawnCommand(folder, ['start', '--port', '0']);
    const url = await command.url();
    expect(await (await fetch(`${url}/stray`)).text()).toBe('ok');
    await until(() => (command.said.err.includes('nobody handled it: lost') ? true : undefined));
    expect(command.said.err).toMatch(/Error: lost\n\s+at .*house\.ts/);
    expect((await fetch(`${url}/stray`)).status).toBe(200);
    command.kill('SIGTERM');
    expect(await command.ended).toMatchObject({ code: 0 });
  });

  test('an exception is logged with its stack; what is under way ends whole, then the process, with exit code 1', async () => {
    const files = { 'gatewright.yaml': CONFIG, 'house.ts': stray("setTimeout(() => { throw new Error('loose'); });") };
    const command = spawnCommand(folderWith(files), ['start', '--port', '0']);
    const url = await command.url();
    const reply = await ask(url);
    await fetch(`${url}/stray`);
    expect((await reply.text()).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await command.ended).toMatchObject({ code: 1, signal: null });
    expect(command.said.err).toMatch(/nobody caught it: loose\nError: loose\n\s+at .*house\.ts/);
  });
});

describe('exit codes', () => {
  test.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /^Usage: gatewright /],
    [['check'], 0, /^ok {2}gatewright\.yaml: /],
    [['plan', '--json'], 0, /^\{\n/],
    [['explain', '--model', 'slow'], 0, /would go to/],
    [['explain', '--model', 'sloe'], 0, /GW_UNKNOWN_MODEL/],
  ])('%j: %i', async (words, code, said) => {
    const folder = folderWith({ 'gatewright.yaml': CONFIG, 'house.ts': SINK });
    const ended = await spawnCommand(folder, words).ended;
    expect(ended.out).toMatch(said);
    expect(ended).toMatchObject({ code, err: '' });
  });

  test('1 where the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const folder = folderWith({ 'gatewright.yaml': CONFIG, 'house.ts': SINK });
    const ended = await spawnCommand(folder, ['start', '--port', String(port)]).ended;
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.err.split('\n')[0]).toBe(`Cannot listen on 127.0.0.1:${port}: the port is in use.`);
    other.close();
  });

  test('1 for TypeScript that Node cannot run, with what to do', async () => {
    const files = { 'gatewright.yaml': CONFIG, 'house.ts': `enum Mood { Good }\n${SINK}` };
    const ended = await spawnCommand(folderWith(files), ['check']).ended;
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('gatewright.yaml:6:10  plugins[2].use  ./house.ts');
    expect(ended.out).toMatch(/enum/);
  });
});

test('a reader that stops reading is no crash', async () => {
  const folder = folderWith({ 'gatewright.yaml': CONFIG, 'house.ts': SINK });
  const line = `"${process.execPath}" "${COMMAND}" schema | head -c 1`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', line], { cwd: folder });
  expect({ stdout, stderr }).toEqual({ stdout: '{', stderr: '' });
});

describe('a Node that is too old', () => {
  const pretend = (version: string): string[] => {
    const script = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
  };

  test.each(['16.20.2', '20.20.2', '22.18.0'])('%s is told in one line', async (version) => {
    const ended = await spawnCommand(folderWith({}), ['--version'], pretend(version)).ended;
    expect(ended).toEqual({
      code: 1,
      signal: null,
      out: '',
      err: `gatewright needs Node 22.19 or newer; this is Node ${version}.\n`,
    });
  });

  test('22.19 is not too old', async () => {
    expect(await spawnCommand(folderWith({}), ['--version'], pretend('22.19.0')).ended).toMatchObject({ code: 0 });
  });

  test('can read the file that says so', () => {
    const text = readFileSync(COMMAND, 'utf8');
    expect(text).not.toMatch(/=>|`|\b(?:const|let|class|async|await)\b|\?\?|\?\./);
  });
});
