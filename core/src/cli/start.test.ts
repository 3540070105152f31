/** Tests of `gatewright start` in this process: what it says, and what signals and stray errors do. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { runCommand } from './program.ts';
import {
  fakeTerminal,
  folderOf,
  removeFolder,
  until,
  type FakeOptions,
  type FakeTerminal,
} from './terminal.test.kit.ts';

const CONFIG = `
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
  - { use: ./nowhere.ts, if: env.NOWHERE }
models:
  fast: { targets: [simulated/sim] }
`;

/** Keeps the errors of the gateway in a file. */
const BOOK = `
import { appendFileSync } from 'node:fs';
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const quiet = () => undefined;
const error = (message) => appendFileSync(new URL('book.txt', import.meta.url), message);
export default definePlugin({
  name: 'book', version: '1.0.0', engine: '^1', options: z.strictObject({}), provides: ['logger'],
  setup({ provide }) { provide('logger', { debug: quiet, info: quiet, warn: quiet, error }); },
});
`;

interface Running {
  readonly terminal: FakeTerminal;
  readonly folder: string;
  readonly url: string;
  readonly code: Promise<number>;
  stop(): Promise<number>;
}

const running: Running[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  for (const folder of folders.splice(0)) removeFolder(folder);
});

async function started(
  yaml: string,
  words: readonly string[] = [],
  options?: FakeOptions,
  files: Record<string, string> = {},
): Promise<Running> {
  const folder = folderOf({ ...files, 'gatewright.yaml': yaml });
  folders.push(folder);
  const terminal = fakeTerminal(folder, options);
  const code = runCommand(['start', '--port', '0', ...words], terminal);
  const url = await until(() => /address\s+(http:\S+)/.exec(stripVTControlCharacters(terminal.err.text))?.[1]);
  const stop = (): Promise<number> => {
    terminal.signals.emit('SIGTERM');
    return code;
  };
  const one = { terminal, folder, url, code, stop };
  running.push(one);
  return one;
}

const models = async (url: string): Promise<string[]> => {
  const list = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  return list.data.map(({ id }) => id);
};

describe('a gateway that starts', () => {
  test('says where it is, what it serves and how to ask it', async () => {
    const { terminal, url } = await started(CONFIG);
    const text = terminal.err.text
      .replace(/ready in \d+ ms/, 'ready in N ms')
      .replace(/and [1-9]\d* more routes/, 'and N more routes')
      .replaceAll(url, 'URL');
    expect(text).toMatch(/^\n {2}Gatewright \d+\.\d+\.\d+ {2}ready in N ms\n/);
    expect(text.split('\n').slice(3)).toEqual([
      '  address   URL',
      '  models    fast',
      '  surfaces  POST /v1/chat/completions  openai-chat',
      '            POST /v1/responses         openai-responses',
      '            and N more routes: gatewright plan',
      '  plugins   2 (1 switched off by "if")',
      `  try       curl URL/v1/chat/completions -H 'content-type: application/json' -d '{"model":"fast","messages":[{"role":"user","content":"Hello"}]}'`,
      '',
      '',
    ]);
    expect(terminal.out.text).toBe('');
  });

  test('answers the line that it gives', async () => {
    const { terminal, url } = await started(CONFIG);
    const [, path, body] = /curl \S+?(\/v1\S+) .* -d '(.*)'\n/.exec(terminal.err.text) ?? [];
    const reply = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body ?? '',
    });
    expect(reply.status).toBe(200);
  });

  test('warns loudly where anyone can reach it and nobody is asked who they are', async () => {
    const { terminal } = await started(CONFIG, ['--host', '0.0.0.0']);
    expect(terminal.err.text).toContain(
      '  WARNING: no auth plugin is configured, and 0.0.0.0 is reachable from outside: anyone can use this gateway.\n',
    );
    const { terminal: second } = await started(CONFIG, ['--host', '127.0.0.1']);
    expect(second.err.text).not.toContain('WARNING');
  });

  test('does not warn with an auth plugin, and puts the key into the line to try', async () => {
    const key = "  - use: '@gatewright/auth-static'\n    with: { keys: [{ id: a, key: sk-a-long-enough-key }] }\n";
    const { terminal } = await started(CONFIG.replace('models:', `${key}models:`), ['--host', '0.0.0.0']);
    expect(terminal.err.text).not.toContain('WARNING');
    expect(terminal.err.text).toContain("-H 'authorization: Bearer YOUR-KEY'");
    expect(terminal.err.text).not.toContain('sk-a-long');
  });

  test('is coloured on a terminal only, and not where NO_COLOR is set', async () => {
    const escape = '\u001B[';
    expect((await started(CONFIG, [], { columns: 80 })).terminal.err.text).toContain(escape);
    expect((await started(CONFIG, [], { columns: 80, env: { NO_COLOR: '1' } })).terminal.err.text).not.toContain(
      escape,
    );
    expect((await started(CONFIG, [], { env: { FORCE_COLOR: '1' } })).terminal.err.text).toContain(escape);
  });
});

describe('a gateway that cannot start', () => {
  test('because the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const folder = folderOf({ 'gatewright.yaml': CONFIG });
    folders.push(folder);
    const terminal = fakeTerminal(folder);
    expect(await runCommand(['start', '--port', String(port)], terminal)).toBe(1);
    expect(terminal.err.text).toBe(
      `Cannot listen on 127.0.0.1:${port}: the port is in use.\n    help: stop the program that uses it, or take another port: --port ${port + 1}\n`,
    );
    expect(terminal.signals.count('SIGTERM')).toBe(0);
    expect(terminal.signals.count('uncaughtException')).toBe(0);
    other.close();
  });

  test('because of its configuration', async () => {
    const folder = folderOf({ 'gatewright.yaml': 'modles: {}\n' });
    folders.push(folder);
    const terminal = fakeTerminal(folder);
    expect(await runCommand(['start'], terminal)).toBe(1);
    expect(terminal.err.text).toContain('gatewright.yaml:1:1  modles  unknown key "modles"');
  });
});

describe('SIGTERM and SIGINT', () => {
  test('are heard before it says where it is, like SIGHUP: whoever waits for that may send one', async () => {
    const folder = folderOf({ 'gatewright.yaml': CONFIG });
    folders.push(folder);
    const terminal = fakeTerminal(folder);
    const heard: number[] = [];
    const write = terminal.err.write.bind(terminal.err);
    terminal.err.write = (text) => {
      if (text.includes('address'))
        heard.push(...['SIGTERM', 'SIGINT', 'SIGHUP'].map((name) => terminal.signals.count(name)));
      write(text);
    };
    const code = runCommand(['start', '--port', '0'], terminal);
    await until(() => (heard.length > 0 ? true : undefined));
    terminal.signals.emit('SIGTERM');
    expect([await code, heard]).toEqual([0, [1, 1, 1]]);
  });

  test.each(['SIGTERM', 'SIGINT'])(
    '%s ends it with exit code 0, and it listens for signals no more',
    async (signal) => {
      const { terminal, url, code } = await started(CONFIG);
      terminal.signals.emit(signal);
      expect(await code).toBe(0);
      expect(terminal.err.text).toContain(`info: Stopping (${signal}): no new requests.\nStopped.\n`);
      for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'unhandledRejection']) {
        expect(terminal.signals.count(event)).toBe(0);
      }
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    },
  );

  test('the second one ends it at once', async () => {
    const { terminal, url, code } = await started(`drainTimeout: 5s\n${CONFIG}`);
    const body = JSON.stringify({ model: 'fast', stream: true, messages: [{ role: 'user', content: 'Hello' }] });
    const reply = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    terminal.signals.emit('SIGTERM');
    expect(terminal.signals.raised).toEqual([]);
    await until(() => (terminal.err.text.includes('1 under way may take 5 s more') ? true : undefined));
    terminal.signals.emit('SIGTERM');
    expect(terminal.signals.raised).toEqual(['SIGTERM']);
    await reply.text();
    expect(await code).toBe(0);
  });
});

describe('SIGHUP', () => {
  test('reads the configuration again', async () => {
    const { terminal, folder, url } = await started(CONFIG);
    expect(await models(url)).toEqual(['fast']);
    writeFileSync(join(folder, 'gatewright.yaml'), CONFIG.replace('fast:', 'faster:'));
    terminal.signals.emit('SIGHUP');
    await until(() => (terminal.err.text.includes('info: Reloaded in') ? true : undefined));
    expect(terminal.err.text).toMatch(/info: Reloaded in \d+ ms: 2 plugins, 1 model\. /);
    expect(await models(url)).toEqual(['faster']);
  });

  test('with a bad configuration is reported, and the one before goes on', async () => {
    const { terminal, folder, url } = await started(CONFIG);
    writeFileSync(join(folder, 'gatewright.yaml'), CONFIG.replace('targets', 'tragets'));
    terminal.signals.emit('SIGHUP');
    await until(() => (terminal.err.text.includes('the one from before goes on.') ? true : undefined));
    expect(terminal.err.text).toContain(
      'models.fast.tragets  unknown key "tragets"\n    help: did you mean "targets"?',
    );
    expect(await models(url)).toEqual(['fast']);
  });

  test('with a bad configuration is in the log of the plugin that keeps one', async () => {
    const { folder, terminal } = await started(`plugins: [{ use: ./book.ts }]\n`, [], {}, { 'book.ts': BOOK });
    writeFileSync(join(folder, 'gatewright.yaml'), 'modles: {}\n');
    terminal.signals.emit('SIGHUP');
    const book = await until(() => (existsSync(join(folder, 'book.txt')) ? join(folder, 'book.txt') : undefined));
    expect(readFileSync(book, 'utf8')).toContain(
      'The configuration was not reloaded: GatewayError: gatewright.yaml:1:1  modles',
    );
  });

  test('says what takes a restart', async () => {
    const { terminal, folder } = await started(CONFIG);
    writeFileSync(join(folder, 'gatewright.yaml'), `workers: 2${CONFIG}`);
    terminal.signals.emit('SIGHUP');
    await until(() => (terminal.err.text.includes('"workers" has changed') ? true : undefined));
    expect(terminal.err.text).toContain('only a restart takes that in');
  });

  test('ends it where the terminal was closed', async () => {
    const { terminal, code } = await started(CONFIG, [], { hungUp: () => true });
    terminal.signals.emit('SIGHUP');
    expect(await code).toBe(0);
    expect(terminal.err.text).toContain('Stopping (SIGHUP)');
  });
});

describe('errors that nobody caught', () => {
  test('a rejection is logged with its stack, and the gateway goes on', async () => {
    const { terminal, url } = await started(CONFIG);
    terminal.signals.emit('unhandledRejection', new Error('forgotten'));
    expect(terminal.err.text).toContain(
      'error: A promise was rejected and nobody handled it: forgotten\nError: forgotten\n    at ',
    );
    expect(await models(url)).toEqual(['fast']);
  });

  test('an exception is logged with its stack, and the gateway ends in order, with exit code 1', async () => {
    const { terminal, code } = await started(CONFIG);
    terminal.signals.emit('uncaughtException', new Error('half way'));
    expect(await code).toBe(1);
    expect(terminal.err.text).toContain(
      'error: An error was thrown and nobody caught it: half way\nError: half way\n    at ',
    );
    expect(terminal.err.text).toContain('Stopping (an error that nobody caught): no new requests.\nStopped.\n');
  });
});
