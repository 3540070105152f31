/** A whole gateway writes one line for each exchange, and no secret. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import auth from '@gatewright/auth-static';
import { createGateway } from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import prices from '@gatewright/prices';
import provider from '@gatewright/provider-simulated';
import { afterAll, expect, test } from 'vitest';
import plugin from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatewright-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = 'sk-ada-0123456789abcdef';
const SECRETS = [KEY, 'sk-stranger', 'metadata-secret', 'whisper this', 'simulated model'];

test('lines of exchanges and of the gateway itself are there after the end, and hold no secret', async () => {
  const destination = join(folder, 'gateway.log');
  const config = (redact: string[]): Parameters<typeof createGateway>[0] => ({
    plugins: [
      { use: dialect },
      { use: provider, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
      { use: auth, with: { keys: [{ id: 'ada', key: KEY, team: 'research', metadata: { note: 'metadata-secret' } }] } },
      { use: prices, with: { overrides: [{ model: 'm', input: '1', output: '2' }] } },
      { use: plugin, with: { destination, redact } },
    ],
    models: { smart: { targets: ['simulated/m'] }, dear: { targets: ['simulated/unpriced'] } },
  });
  const gateway = await createGateway(config([]));
  const chat = (key: string, model: string): Promise<unknown> =>
    gateway.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      payload: JSON.stringify({ model, messages: [{ role: 'user', content: 'whisper this' }] }),
    });
  await chat(KEY, 'smart');
  await chat(KEY, 'dear');
  await chat('sk-stranger', 'smart');
  await gateway.reload(config(['team']));
  await chat(KEY, 'smart');
  await gateway.close();

  const text = readFileSync(destination, 'utf8');
  for (const secret of SECRETS) expect(text).not.toContain(secret);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const exchanges = lines.filter(({ msg }) => msg === 'exchange');
  expect(exchanges.map(({ level, key, team, status }) => ({ level, key, team, status }))).toEqual([
    { level: 'info', key: 'ada', team: 'research', status: 200 },
    { level: 'info', key: 'ada', team: 'research', status: 200 },
    { level: 'warn', key: 'anonymous', team: undefined, status: 401 },
    { level: 'info', key: 'ada', team: '[hidden]', status: 200 },
  ]);
  const { usage, cost } = exchanges[0] as { usage: { input: number; output: number }; cost: { nanos: string } };
  expect(cost.nanos).toBe(String(usage.input * 1000 + usage.output * 2000));
  expect(exchanges[1]).not.toHaveProperty('cost');
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      msg: expect.stringContaining('No price is known for simulated/unpriced') as string,
    }),
  );
});

test('a file that cannot be written stops the boot, with the name of the plugin', async () => {
  const use = { use: plugin, with: { destination: join(folder, 'none', 'gateway.log') } };
  await expect(createGateway({ plugins: [use], models: {} })).rejects.toMatchObject({
    code: 'GW_PLUGIN_SETUP',
    message: expect.stringMatching(/none\/gateway\.log" cannot be written: ENOENT/) as string,
  });
});
