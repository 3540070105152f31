/** Tests of reloading by itself: `--watch`, `reload.watch`, and an address that moves. */
import { renameSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCommand } from './program.ts';
import { fakeTerminal, folderOf, removeFolder, until, type FakeTerminal } from './terminal.test.kit.ts';

const config = (models: string, more = ''): string => `${more}
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
models: { ${models} }
`;
const FAST = 'fast: { targets: [simulated/sim] }';
const SLOW = 'slow: { targets: [simulated/sim] }';

let folder = '';
let running: { terminal: FakeTerminal; code: Promise<number> } | undefined;
afterEach(async () => {
  running?.terminal.signals.emit('SIGTERM');
  await running?.code;
  running = undefined;
  removeFolder(folder);
});

async function started(yaml: string, words: readonly string[]): Promise<{ terminal: FakeTerminal; url: string }> {
  folder = folderOf({ 'gatewright.yaml': yaml });
  const terminal = fakeTerminal(folder);
  const code = runCommand(['start', ...words], terminal);
  running = { terminal, code };
  return { terminal, url: await until(() => /address\s+(http:\S+)/.exec(terminal.err.text)?.[1]) };
}

/** Puts a file in place of the configuration, as careful tools do. */
function replace(yaml: string): void {
  writeFileSync(join(folder, 'next'), yaml);
  renameSync(join(folder, 'next'), join(folder, 'gatewright.yaml'));
}

async function models(url: string): Promise<string[]> {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const said = (text: string): Promise<true> =>
  until(() => (running?.terminal.err.text.includes(text) === true ? true : undefined));

test('--watch takes a changed file in, refuses a bad one with every place, and takes the mended one in', async () => {
  const { terminal, url } = await started(config(FAST), ['--port', '0', '--watch']);
  replace(config(SLOW));
  await said('Reloaded in');
  expect(await models(url)).toEqual(['slow']);
  replace(config('slow: { tragets: [simulated/sim], fallbacks: [gone] }'));
  await said('the one from before goes on.');
  expect(terminal.err.text).toContain('gatewright.yaml:5:19  models.slow.tragets  unknown key "tragets"');
  expect(terminal.err.text).toContain('there is no model "gone"');
  expect(await models(url)).toEqual(['slow']);
  replace(config(FAST));
  await until(() => (terminal.err.text.split('Reloaded in').length === 3 ? true : undefined));
  expect(await models(url)).toEqual(['fast']);
});

test('`reload.watch` of the configuration does the same', async () => {
  const { url } = await started(config(FAST, 'reload: { watch: true }'), ['--port', '0']);
  replace(config(SLOW, 'reload: { watch: true }'));
  await said('Reloaded in');
  expect(await models(url)).toEqual(['slow']);
});

test('another address in the configuration: the new one opens before the old one closes', async () => {
  const [first, second] = [await freePort(), await freePort()];
  const { terminal, url } = await started(config(FAST, `listen: { port: ${first} }`), []);
  expect(url).toBe(`http://127.0.0.1:${first}`);
  replace(config(SLOW, `listen: { port: ${second} }`));
  terminal.signals.emit('SIGHUP');
  await said('Reloaded in');
  expect(await models(`http://127.0.0.1:${second}`)).toEqual(['slow']);
  await expect(fetch(`http://127.0.0.1:${first}/health`)).rejects.toThrow('fetch failed');
});

test('an address that cannot be listened on is refused, and the one before goes on', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const first = await freePort();
  const { terminal, url } = await started(config(FAST, `listen: { port: ${first} }`), []);
  replace(config(SLOW, `listen: { port: ${port} }`));
  terminal.signals.emit('SIGHUP');
  await said('the one from before goes on.');
  expect(terminal.err.text).toContain(`Cannot listen on 127.0.0.1:${port}, where the new configuration wants to`);
  expect(await models(url)).toEqual(['fast']);
  other.close();
});
