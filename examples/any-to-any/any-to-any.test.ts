/** The SDKs of all vendors get the simulated model's answer from one gateway, and the script that asks them is what the README runs. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExample, type Started } from '../started.test.kit.ts';

const SCRIPT = fileURLToPath(new URL('ask.ts', import.meta.url));
// The simulated model is told not to take its time.
const QUESTION = 'Why is the sky blue? [simulate: pace-0]';
const APIS = ['openai', 'responses', 'anthropic', 'google', 'aws', 'cohere'];

let gateway: Started;
let said: Map<string, string>;
let stopped = false;

beforeAll(async () => {
  gateway = await startExample('any-to-any');
  const env = { PATH: process.env['PATH'], GATEWAY: gateway.url };
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, QUESTION], { env, timeout: 25_000 });
  said = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line): [string, string] => {
        const [name = '', ...text] = line.split(': ');
        return [name, text.join(': ')];
      }),
  );
});

afterAll(async () => {
  if (!stopped) await gateway.stop();
});

describe('the answer of the one model', () => {
  test.each(APIS)('%s', (api) => {
    expect(said.get(api)).toContain('“Why is the sky blue?”');
  });

  test('is the same for all of them', () => {
    expect([...said.keys()]).toEqual(APIS);
    expect(new Set(said.values()).size).toBe(1);
  });
});

test('nobody gets in without the key', async () => {
  const env = { PATH: process.env['PATH'], GATEWAY: gateway.url, GATEWRIGHT_KEY: 'sk-of-somebody-else' };
  await expect(
    promisify(execFile)(process.execPath, [SCRIPT, QUESTION], { env, timeout: 25_000 }),
  ).rejects.toMatchObject({
    stderr: expect.stringContaining('401') as string,
  });
});

test('it stops when told', async () => {
  const code = await gateway.stop();
  stopped = true;
  expect(code).toBe(0);
});
