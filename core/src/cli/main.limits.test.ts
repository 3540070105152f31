/** Tests that a gateway runs within limits for its heap, and with those of the operator where there are any. */
import { afterEach, expect, test } from 'vitest';
import { spawnCommand } from './process.test.kit.ts';
import { folderOf, removeFolder } from './terminal.test.kit.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

const CONFIG = `
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
models:
  any: { targets: [simulated/sim] }
`;

/** Every Node that is started says with which flags, and where it has compiled code from. */
const SAY = `process.stderr.write('FLAGS ' + process.execArgv.filter((flag) => !flag.includes('data:')).join(' ') + '\\n');
  process.stderr.write('CODE ' + process.env.NODE_COMPILE_CACHE + '\\n');`;
const FLAGS = [`--import=data:text/javascript,${encodeURIComponent(SAY)}`];

async function flagsOf(words: readonly string[], more: readonly string[] = []): Promise<string[]> {
  return said('FLAGS', words, more);
}

async function said(what: string, words: readonly string[], more: readonly string[] = []): Promise<string[]> {
  const folder = folderOf({ 'gatewright.yaml': CONFIG });
  folders.push(folder);
  const command = spawnCommand(folder, words, [...FLAGS, ...more]);
  if (words[0] === 'start') {
    await command.url();
    command.kill('SIGTERM');
  }
  const { err } = await command.ended;
  return [...err.matchAll(new RegExp(`^${what} (.*)$`, 'gm'))].map(([, told = '']) => told);
}

test.skipIf(process.platform === 'win32')('a gateway starts Node anew, once, with limits and all flags', async () => {
  const [first, second, ...more] = await flagsOf(['start', '--port', '0'], ['--stack-trace-limit=7']);
  expect(first).toBe('--stack-trace-limit=7');
  // What is given here beyond the young generation keeps Node from using its own compiled code.
  expect(second).toBe('--max-semi-space-size=8 --min-semi-space-size=4 --stack-trace-limit=7');
  expect(more).toEqual([]);
});

test("an operator's own limits stand", async () => {
  const flags = await flagsOf(['start', '--port', '0'], ['--max-semi-space-size=32']);
  expect(flags).toEqual(['--max-semi-space-size=32']);
});

test('other commands need no limits', async () => {
  expect(await flagsOf(['version'])).toEqual(['']);
});

test.skipIf(process.platform === 'win32')('workers have other limits, and all flags', async () => {
  const flags = await flagsOf(['start', '--port', '0', '--workers', '2'], ['--stack-trace-limit=7']);
  const [, primary, ...workers] = flags;
  expect(primary).toBe('--max-semi-space-size=8 --min-semi-space-size=4 --stack-trace-limit=7');
  expect(workers).toEqual(Array.from({ length: 2 }, () => primary?.replace('=8', '=32')));
});

test('workers have the compiled code of the start before, as the primary has', async () => {
  const [, primary, ...workers] = await said('CODE', ['start', '--port', '0', '--workers', '2']);
  // The command itself says where it is; nobody has told it.
  expect(primary).toBe('undefined');
  const place = expect.stringMatching(/node-compile-cache$/) as unknown;
  expect(workers).toEqual([place, place]);
});
