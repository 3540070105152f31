/** A plugin that misbehaves ends in one message that names plugin, hook and config line; a failing sink fails no request. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createGateway, silentLogger, type Gateway, type Logger } from '@gatewright/core';
import { post } from './gateways.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
let folder: string;
let gateway: Gateway | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(HERE, '.faults-'));
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

/** Boots a gateway with one local plugin whose setup has the given body. */
async function boot(setup: string, more: { fields?: string; logger?: Logger; config?: string } = {}): Promise<Gateway> {
  const name = `plugin-${Math.abs(hash(setup + (more.fields ?? '')))}`;
  await writeFile(
    join(folder, `${name}.ts`),
    `import { definePlugin } from '@gatewright/core';
     import { z } from 'zod';
     export default definePlugin({
       name: 'odd', version: '1.0.0', engine: '^1', options: z.strictObject({}), ${more.fields ?? ''}
       async setup({ hooks, onReady, provide }) { ${setup} },
     });`,
  );
  const file = join(folder, `${name}.yaml`);
  await writeFile(
    file,
    `setupTimeout: 200ms
hookTimeout: 100ms
plugins:
  - use: "@gatewright/dialect-openai"
  - use: "@gatewright/provider-simulated"
  - use: ./${name}.ts
models:
  demo: { targets: [simulated/demo] }
${more.config ?? ''}`,
  );
  gateway = await createGateway(file, { logger: more.logger ?? silentLogger });
  return gateway;
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return sum;
}

async function ask(running: Gateway): Promise<{ status: number; body: { error?: { message: string; code: string } } }> {
  const { port } = await running.listen({ port: 0 });
  const response = await post(`http://127.0.0.1:${port}/v1/chat/completions`, {
    model: 'demo',
    messages: [{ role: 'user', content: 'hi' }],
  });
  return { status: response.status, body: (await response.json()) as never };
}

async function bootFailure(...given: Parameters<typeof boot>): Promise<string> {
  try {
    await boot(...given);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It booted.');
}

const WHERE = /Plugin "odd" \(.*plugin-\d+\.yaml:6:5\)/;

describe('in setup', () => {
  test.each<[string, string, string, string?]>([
    ['a throw', "throw new Error('no disk');", 'failed in its setup: no disk'],
    ['a promise that never settles', 'await new Promise(() => {});', 'failed in its setup: it took longer than 200 ms'],
    ['an onReady that throws', "onReady(() => { throw new Error('no peer'); });", 'did not become ready: no peer'],
    [
      'an unknown before',
      "hooks.auth.tap(() => undefined, { before: 'typo' });",
      'wants its tap of hook auth to run before "typo", but there is no plugin of that id.',
    ],
    ['a service that is not declared', "provide('prices', {});", 'provides the service "prices" without declaring it'],
    ['a service that nobody provides', '', 'needs the service "state", and no plugin provides it.', "uses: ['state'],"],
  ])('%s', async (_name, setup, message, fields) => {
    const text = await bootFailure(setup, fields === undefined ? {} : { fields });
    expect(text).toContain(message);
    expect(text).toContain('odd');
  });

  test('a failure names the line of the config', async () => {
    expect(await bootFailure("throw new Error('x');")).toMatch(WHERE);
  });
});

describe('at a request', () => {
  test.each([
    ['a throw', "hooks.auth.tap(() => { throw new Error('secret detail'); });", /failed in hook auth: secret detail/],
    ['a hang', 'hooks.route.tap(() => new Promise(() => {}));', /did not return from hook route within 100 ms/],
    [
      'nonsense',
      'hooks.route.tap(() => 42);',
      /returned something that hook route does not take: expected a route with `targets`/,
    ],
    [
      'a tap after setup',
      'hooks.auth.tap(() => { hooks.log.tap(() => {}); });',
      /tapped hook log wrongly: taps can only be added while setup runs/,
    ],
    [
      'a target of its own',
      'hooks.route.tap((route) => ({ targets: [{ ...route.targets[0] }] }));',
      /A route tap added the target/,
    ],
  ])('%s is an opaque 500 to the client and a full record in the log', async (_name, setup, message) => {
    const running = await boot(
      `globalThis.records = []; hooks.log.tap((record) => { globalThis.records.push(record); }); ${setup}`,
    );
    const { status, body } = await ask(running);
    expect(status).toBe(500);
    expect(body.error?.message).not.toMatch(/secret detail/);
    const { records } = globalThis as unknown as { records: { error: { message: string; plugin?: string } }[] };
    expect(records[0]?.error.message).toMatch(message);
  });

  test('a sink that throws is reported by name and fails nothing', async () => {
    const said: string[] = [];
    const logger: Logger = { ...silentLogger, error: (message) => said.push(message) };
    const running = await boot("hooks.log.tap(() => { throw new Error('disk full'); });", { logger });
    expect((await ask(running)).status).toBe(200);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(WHERE);
    expect(said[0]).toContain('failed in hook log: disk full');
  });
});

test('a missing environment variable names variable, plugin and line', async () => {
  const file = join(folder, 'env.yaml');
  await writeFile(
    file,
    'plugins:\n  - use: "@gatewright/provider-openai"\n    with: { apiKey: "${env:NO_SUCH_KEY}" }\n',
  );
  const message = await createGateway(file, { env: {} }).then(
    () => 'booted',
    (error: Error) => error.message,
  );
  expect(message).toMatch(/env\.yaml:3:21/);
  expect(message).toContain('NO_SUCH_KEY');
});
