/** Tests of asking a running gateway what a reload would change, and of having it reload. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCommand } from './program.ts';
import { fakeTerminal, folderOf, removeFolder, until, type FakeTerminal } from './terminal.test.kit.ts';

const KEY = 'sk-admin-planted-0123456789';

const config = (weight: number, token: string): string => `
plugins:
  - use: '@gatewright/dialect-openai'
  - use: '@gatewright/provider-simulated'
    with: { firstTokenDelay: ${weight} }
  - { use: '@gatewright/store-sqlite', with: { path: FOLDER/records.db } }
  - { use: '@gatewright/auth-keys', with: { adminKey: ${token} } }
  - use: '@gatewright/admin-api'
models:
  fast: { targets: [{ provider: simulated, model: sim, weight: ${weight} }] }
`;

let folder = '';
let running: { terminal: FakeTerminal; code: Promise<number> } | undefined;
afterEach(async () => {
  running?.terminal.signals.emit('SIGTERM');
  await running?.code;
  removeFolder(folder);
});

function write(text: string): void {
  writeFileSync(join(folder, 'gatewright.yaml'), text.replace('FOLDER', folder));
}

async function started(): Promise<string> {
  folder = folderOf({});
  write(config(1, KEY));
  const terminal = fakeTerminal(folder);
  running = { terminal, code: runCommand(['start', '--port', '0'], terminal) };
  return until(() => /address\s+(http:\S+)/.exec(terminal.err.text)?.[1]);
}

async function plan(url: string, ...more: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal(folder, { env: { GATEWRIGHT_ADMIN_KEY: KEY, GATEWRIGHT_URL: url } });
  const code = await runCommand(['plan', '--running', ...more], terminal);
  return { code, out: terminal.out.text, err: terminal.err.text };
}

const reload = (url: string): Promise<Response> =>
  fetch(`${url}/config/reload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: '{}',
  });

test('what a reload would change is shown, without secrets; the reload then makes the change', async () => {
  const url = await started();
  expect((await plan(url)).out).toBe(
    'A reload from the configuration that runs to its file as it is now would change nothing.\n',
  );
  write(config(3, 'sk-admin-other-0123456789'));
  const { code, out } = await plan(url);
  expect(code).toBe(0);
  expect(out).toContain('~  plugin  simulated\n      with.firstTokenDelay  1 → 3\n');
  expect(out).toContain('~  plugin  auth-keys\n      with.adminKey  another "••••"\n');
  expect(out).toContain('targets[0].weight  1 → 3');
  expect(out).not.toContain('sk-admin');
  const answer = (await (await reload(url)).json()) as { reloaded: boolean; changes: { name: string }[] };
  expect(answer.reloaded).toBe(true);
  expect(answer.changes.map(({ name }) => name)).toEqual(['simulated', 'auth-keys', 'fast']);
  // The key of the configuration before is no longer one.
  expect((await reload(url)).status).toBe(401);
});

test('a file with problems: the call tells all of them with their places, and the gateway goes on', async () => {
  const url = await started();
  write(config(1, KEY).replace('weight: 1', 'wieght: 1').replace('models:', 'modles: {}\nmodels:'));
  const reply = await reload(url);
  expect(reply.status).toBe(422);
  const { error } = (await reply.json()) as { error: { problems: { line: number; column: number; path: string }[] } };
  expect(error.problems.map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual([
    '9:1 modles',
    '11:56 models.fast.targets[0].wieght',
  ]);
  const { code, err } = await plan(url);
  expect(code).toBe(1);
  expect(err).toContain('gatewright.yaml:9:1  modles  unknown key "modles"');
  expect((await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } })).status).toBeLessThan(500);
});

test('--running does not go with --against', async () => {
  folder = folderOf({});
  const { code, err } = await plan('http://127.0.0.1:1', '--against', 'x.yaml');
  expect(code).toBe(1);
  expect(err).toContain('--config and --against mean nothing there');
});
