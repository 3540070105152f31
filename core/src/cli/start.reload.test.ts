/** Tests of ending a gateway while it reloads: nothing is cut, nothing is left open. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCommand } from './program.ts';
import { fakeTerminal, folderOf, removeFolder, until, type FakeTerminal } from './terminal.test.kit.ts';

const CONFIG = `
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
    with: { tokensPerSecond: 8, firstTokenDelay: 0 }
  - use: ./slow.ts
models:
  slow: { targets: [simulated/sim] }
`;

/** Takes a while to be set up, and writes down what happens to it. */
const SLOW = `
import { appendFileSync } from 'node:fs';
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const note = (word) => appendFileSync(new URL('life.txt', import.meta.url), word + ' ');
export default definePlugin({
  name: 'slow', version: '1.0.0', engine: '^1', options: z.strictObject({}),
  async setup({ onDispose }) {
    note('setup');
    onDispose(() => note('dispose'));
    await new Promise((resolve) => setTimeout(resolve, 200));
  },
});
`;

let folder = '';
afterEach(() => removeFolder(folder));

async function started(): Promise<{ terminal: FakeTerminal; url: string; code: Promise<number> }> {
  folder = folderOf({ 'gatewright.yaml': CONFIG, 'slow.ts': SLOW });
  const terminal = fakeTerminal(folder);
  const code = runCommand(['start', '--port', '0'], terminal);
  const url = await until(() => /address\s+(http:\S+)/.exec(terminal.err.text)?.[1]);
  return { terminal, url, code };
}

const life = (): string => readFileSync(join(folder, 'life.txt'), 'utf8').trim();

test('a stream on the configuration before the last one ends whole', async () => {
  const { terminal, url, code } = await started();
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'slow', stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  terminal.signals.emit('SIGHUP');
  await until(() => (terminal.err.text.includes('Reloaded in') ? true : undefined));
  terminal.signals.emit('SIGTERM');
  expect((await reply.text()).trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect(await code).toBe(0);
  expect(terminal.err.text).toContain('no new requests; 1 under way may take 30 s more');
  expect(life()).toBe('setup setup dispose dispose');
});

test('a configuration that is being booted is taken down again', async () => {
  const { terminal, code } = await started();
  terminal.signals.emit('SIGHUP');
  await until(() => (life() === 'setup setup' ? true : undefined));
  terminal.signals.emit('SIGTERM');
  expect(await code).toBe(0);
  expect(life()).toBe('setup setup dispose dispose');
});
