/** Tests of `gatewright plan`: what it shows of a configuration, and what of a reload. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACME, PLUGINS, YAML } from './acme.test.kit.ts';
import type { Plan } from '../plan/description.ts';
import { folderOf, removeFolder, runIn } from './terminal.test.kit.ts';

const NEXT = YAML.replace('4100', '4200')
  .replace('sk-mask-secret', 'sk-mask-other')
  .replace('  - use: ./guard.ts\n', '')
  .replace('with: { dialect: anthropic-messages }', 'with: { dialect: anthropic-messages, tokensPerSecond: 5 }')
  .replace('weight: 3', 'weight: 5')
  .replace('[small]', '[tiny]')
  .replace('small: {', 'tiny: {');
const SWAPPED = YAML.replace('  - use: ./guard.ts\n', '').replace(
  /(?= {2}- \{ use: \.\/mask)/,
  '  - use: ./guard.ts\n',
);

const GUARD = PLUGINS['guard.ts'] ?? '';

let folder = '';
let plan: Plan;
let page = '';
beforeAll(async () => {
  folder = folderOf({ ...ACME, 'next.yaml': NEXT, 'swapped.yaml': SWAPPED });
  plan = JSON.parse((await runIn(folder, ['plan', '--json'])).out) as Plan;
  page = (await runIn(folder, ['plan'])).out;
});
afterAll(() => removeFolder(folder));

/** The lines of a section of the page, without its title. */
function section(title: string): string[] {
  const lines = page.split('\n');
  const start = lines.indexOf(title) + 1;
  expect(start, title).toBeGreaterThan(0);
  const end = lines.indexOf('', start);
  return lines.slice(start, end < 0 ? undefined : end);
}

describe('the plan', () => {
  test('names plugins with their package, version, line and what they bring', () => {
    expect(page.split('\n')[0]).toBe('gatewright.yaml  listens on http://127.0.0.1:4100');
    expect(section('8 plugins').slice(-4)).toEqual([
      '  mask               @acme/mask 2.1.0                      line 8   hooks transform.request, transform.event, transform.response',
      '  guard              @acme/guard 2.1.0                     line 9   hooks transform.request, route, transform.event, transform.response',
      '  prompt             @acme/prompt 2.1.0                    line 10  hook transform.request',
      '  rates              @acme/rates 2.1.0                     line 11  service prices; hook log; route GET /rates',
    ]);
    expect(plan.plugins.at(-1)).toMatchObject({
      id: 'rates',
      supports: { currency: 'USD' },
      where: 'gatewright.yaml:11:5',
    });
  });

  test('tells what was switched off, and by which condition', () => {
    expect(section('switched off by "if"')).toEqual(['  plugin ./nowhere.ts  line 12  if: env.NOWHERE']);
  });

  test('shows every hook in the order it runs, and why', () => {
    expect(section('hooks, in the order they run')).toEqual([
      '  transform.request   1. prompt  stage early; config order (no. 7); only chat',
      '                      2. mask    config order (no. 5); only chat',
      '                      3. guard   config order (no. 6); only chat',
      '  route               1. guard   config order (no. 6)',
      '  transform.event     1. guard   reversed config order (no. 6); only chat',
      '                      2. mask    reversed config order (no. 5); only chat',
      '  transform.response  1. guard   reversed config order (no. 6); only chat',
      '                      2. mask    reversed config order (no. 5); only chat',
      '  log                 1. rates   config order (no. 8); only chat',
    ]);
    expect(plan.hooks[0]?.taps[0]).toMatchObject({ plugin: 'prompt', stage: 'early', timeout: 500 });
  });

  test('shows wishes of order', async () => {
    const early = GUARD.replaceAll(
      "hooks.transform.request.tap('chat', (request) => request)",
      "hooks.transform.request.tap('chat', (request) => request, { before: 'mask' })",
    );
    const other = folderOf({ ...ACME, 'guard.ts': early });
    const { out } = await runIn(other, ['plan']);
    expect(out).toContain(`  transform.request   1. prompt  stage early; config order (no. 7); only chat
                      2. guard   config order (no. 6); wants to be before mask; only chat
                      3. mask    config order (no. 5); only chat`);
    removeFolder(other);
  });

  test('shows who provides services, who uses them, and who does without', () => {
    expect(section('services')).toEqual([
      '  prices  provided by rates   used by nobody but the core',
      '  state   provided by nobody  rates would use it, and can do without',
    ]);
  });

  test('shows routes with operation and dialect, and those of plugins', () => {
    const lines = section('routes').map((line) => line.trim().replaceAll(/ +/g, ' '));
    expect(lines[0]).toBe('operation surface path');
    expect(lines.slice(1)).toEqual(
      expect.arrayContaining([
        'POST chat openai-chat /v1/chat/completions',
        'POST chat openai-chat-bare /chat/completions (openai-chat)',
        'POST chat openai-chat-deployment /openai/deployments/:model/chat/completions (openai-chat)',
        'GET models openai-models /v1/models',
        'GET models openai-model /v1/models/:model',
        'POST chat anthropic-messages /v1/messages',
        'POST count-tokens anthropic-count-tokens /v1/messages/count_tokens',
        'GET models anthropic-models /v1/models (chosen by headers or query)',
        'GET models anthropic-model /v1/models/:model (chosen by headers or query)',
        'GET /rates (by rates)',
      ]),
    );
    // Each in a column of its own.
    const columns = section('routes')
      .filter((line) => line.includes('openai-chat'))
      .map((line) => line.indexOf('openai-chat'));
    expect(new Set(columns).size).toBe(1);
    expect(plan.routes[0]).toMatchObject({
      surface: 'openai-chat',
      dialect: 'openai-chat',
      operation: 'chat',
      plugin: 'dialect-openai',
    });
  });

  test('shows models with shares, retries, timeouts and fallbacks', () => {
    expect(section('models')).toEqual([
      '  model  target               first  retry  connect  head  token  idle  total',
      '  smart  simulated/sim        75 %   2      500ms    5m    2m     2m    10m',
      '         other/sim-large      25 %   1      5s       5m    2m     2m    10m    drops what it cannot express, reports the requested name',
      '         then the targets of small',
      '  small  simulated/sim-small  100 %  1      5s       5m    2m     2m    10m',
      '         also called tiny-one, mini',
    ]);
  });

  test('shows what passes between surfaces and providers, and who may rewrite it', () => {
    const between = section('between surfaces and providers (own bytes pass through as they are)');
    expect(between.slice(0, 3).map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      'dialect provider its dialect request streamed whole',
      'openai-chat simulated openai-chat rewritten rewritten rewritten',
      'openai-chat other anthropic-messages translated translated translated',
    ]);
    expect(section('who may rewrite them on the way')).toEqual(
      [
        '  chat  requests          prompt, mask, guard',
        '        streamed replies  guard, mask',
        '        whole replies     guard, mask',
      ].map((line, index) => (index === 0 ? line : line.replace(/^ {6}/, '  chat'))),
    );
    const count = plan.replies.find(({ operation }) => operation === 'count-tokens');
    expect(count).toMatchObject({ request: { way: 'bytes' }, streamed: { way: 'never' }, whole: { way: 'bytes' } });
  });

  test('shows no secret, neither here nor as JSON', () => {
    expect(page + JSON.stringify(plan)).not.toContain('sk-mask');
    expect(plan.plugins.find(({ id }) => id === 'mask')?.options).toEqual({ token: '••••', words: [] });
  });

  test('fits a terminal of 100 columns', async () => {
    const { out } = await runIn(folder, ['plan'], { columns: 100, env: { NO_COLOR: '1' } });
    // A path is not broken: it may be copied.
    const long = out.split('\n').filter((line) => line.length > 100);
    expect(long.filter((line) => !/ \/\S+$/.test(line))).toEqual([]);
  });

  test('where the configuration is broken, says what check says', async () => {
    const broken = folderOf({ 'gatewright.yaml': 'modles: {}\n' });
    const { code, out, err } = await runIn(broken, ['plan']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('gatewright.yaml:1:1  modles  unknown key "modles"');
    removeFolder(broken);
  });
});

describe('what models and targets say to single plugins', () => {
  const ROUTER = `
import { definePlugin, secret } from '@gatewright/core';
import { z } from 'zod';
const about = z.strictObject({ most: z.int().optional(), token: secret().optional() });
export default definePlugin({
  name: 'router', version: '1.0.0', engine: '^1', options: z.strictObject({}), modelOptions: about, targetOptions: about,
  setup({ onPlan }) {
    onPlan((model, targets) => [\`of \${model.name}\`, ...targets.map(({ id, of }) => \`\${id} of \${of}\`)]);
    onPlan(() => { throw new Error('no idea'); });
    onPlan(() => []);
  },
});
`;
  const yaml = (most: number, token: string): string => `
plugins: [{ use: "@gatewright/dialect-openai" }, { use: "@gatewright/provider-simulated" }, { use: ./router.ts }]
models:
  a:
    with: { router: { most: ${most} } }
    targets: [{ provider: simulated, model: m, with: { router: { token: ${token} } } }]
`;

  test('is shown, and compared, without its secrets', async () => {
    const files = { 'router.ts': ROUTER, 'gatewright.yaml': yaml(1, 'sk-one'), 'next.yaml': yaml(2, 'sk-two') };
    const other = folderOf(files);
    const { out: text } = await runIn(other, ['plan']);
    expect(text).toMatch(/simulated\/m .* router: \{"token":"••••"\}\n +router: \{"most":1\}\n/);
    expect(text).toMatch(/ router: of a\n +simulated\/m of a\n +router: could not be described: no idea\n/);
    const json = JSON.parse((await runIn(other, ['plan', '--json'])).out) as Plan;
    expect(json.models[0]).toMatchObject({
      with: { router: { most: 1 } },
      targets: [{ with: { router: { token: '••••' } } }],
    });
    const { out } = await runIn(other, ['plan', '--against', 'next.yaml']);
    expect(out).toContain('with.router.most              1 → 2');
    expect(out).toContain('targets[0].with.router.token  another "••••"');
    expect(text + out).not.toContain('sk-');
    removeFolder(other);
  });
});

describe('--against', () => {
  test('shows plugins, models and settings that a reload would change, without secrets', async () => {
    const { code, out } = await runIn(folder, ['plan', '--against', 'next.yaml']);
    expect(out).toBe(`A reload from gatewright.yaml to next.yaml would change:
  -  plugin  guard
  ~  plugin  other
      with.tokensPerSecond  60 → 5
  ~  plugin  mask
      with.token  another "••••"
  -  model  small
  ~  model  smart
      targets[0].weight  3 → 5
      fallbacks[0]       "small" → "tiny"
  +  model  tiny
  ~  setting  listen
      port  4100 → 4200
`);
    expect(code).toBe(0);
  });

  test('shows hooks that run in another order', async () => {
    const { out } = await runIn(folder, ['plan', '--against', 'swapped.yaml']);
    expect(out).toContain('  ~  hook  transform.request\n      order  prompt, mask, guard → prompt, guard, mask\n');
    expect(out).toContain('  ~  hook  transform.event\n      order  guard, mask → mask, guard\n');
    expect(out).not.toContain('plugin');
  });

  test('the same configuration changes nothing', async () => {
    const { out } = await runIn(folder, ['plan', '--against', 'gatewright.yaml']);
    expect(out).toBe('A reload from gatewright.yaml to gatewright.yaml would change nothing.\n');
  });

  test('as JSON', async () => {
    const { out } = await runIn(folder, ['plan', '--against', 'next.yaml', '--json']);
    const { changes } = JSON.parse(out) as { changes: unknown[] };
    expect(changes.at(-1)).toEqual({
      kind: 'change',
      what: 'setting',
      name: 'listen',
      details: [{ path: 'port', before: 4100, after: 4200 }],
    });
  });
});
