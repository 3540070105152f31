/** Tests of `gatewright explain`: one request, dry, as plugins and clients would see it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACME, YAML } from './acme.test.kit.ts';
import type { Explanation } from './explain/explanation.ts';
import { folderOf, removeFolder, runIn, type Outcome } from './terminal.test.kit.ts';

const KEYS =
  "  - use: '@gatewright/auth-static'\n    with: { keys: [{ id: team, key: sk-team-key-0001, models: [small] }] }\n";
const CACHE = `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
const response = { id: 'cached', model: 'm', candidates: [{ index: 0, parts: [{ type: 'text', text: 'From the cache.' }] }] };
export default definePlugin({
  name: 'cache', version: '1.0.0', engine: '^1', options: z.strictObject({}),
  setup({ hooks }) { hooks.call.answer.tap('chat', (request) => (request.messages.length > 1 ? undefined : { response })); },
});
`;

const JUDGE = `
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
export default definePlugin({
  name: 'judge', version: '1.0.0', engine: '^1', options: z.strictObject({}),
  setup({ hooks }) {
    hooks.transform.request.tap('chat', async (request, exchange) => {
      await exchange.spawn(request, { cause: 'judge' });
      return request;
    });
  },
});
`;

let folder = '';
beforeAll(() => {
  folder = folderOf({
    ...ACME,
    'keys.yaml': YAML.replace('plugins:\n', `plugins:\n${KEYS}`),
    'cache.yaml': YAML.replace('plugins:\n', 'plugins:\n  - use: ./cache.ts\n'),
    'plain.yaml': YAML.replaceAll(/ {2}- (?:\{ )?use: \.\/(?:mask|guard|prompt).*\n/g, ''),
    'other.yaml': YAML.replace('[simulated/sim-small]', '[other/sim-small]'),
    'cache.ts': CACHE,
    'judge.yaml': YAML.replace('plugins:\n', 'plugins:\n  - use: ./judge.ts\n'),
    'judge.ts': JUDGE,
  });
});
afterAll(() => removeFolder(folder));

const explain = (...words: string[]): Promise<Outcome> => runIn(folder, ['explain', ...words]);
const explained = async (...words: string[]): Promise<Explanation> =>
  JSON.parse((await explain('--json', ...words)).out) as Explanation;

describe('a request that goes through', () => {
  test('shows what each plugin made of it, what would be sent where, and what comes afterwards', async () => {
    const { code, out, err } = await explain('--prompt', 'Hi', '--model', 'small');
    expect(out.replaceAll(/\d+\.\d\d /g, 'N.NN ')).toBe(
      `POST /v1/chat/completions  chat in openai-chat, 61 bytes

  hook               plugin  ms    what it made of it
  transform.request  prompt  N.NN  changed temperature
  transform.request  mask    N.NN  unchanged
  transform.request  guard   N.NN  unchanged
  route              guard   N.NN  simulated/sim-small

  would go to    simulated/sim-small
  as             86 bytes of openai-chat, written anew
  if that fails  there is no other target
  afterwards     transform.response: guard, mask
                 log: rates

  {
    "model": "sim-small",
    "messages": [
      {
        "role": "user",
        "content": "Hi"
      }
    ],
    "temperature": 0.5
  }
`.replace('86 bytes', out.match(/\d+ bytes(?= of)/)?.[0] ?? ''),
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('with nobody who reads it, is the own bytes with the name of the model edited', async () => {
    const { call, steps } = await explained('--config', 'plain.yaml', '--model', 'small', '--prompt', 'Hi');
    expect(steps).toEqual([]);
    expect(call).toMatchObject({ body: 'edited', dialect: 'openai-chat', content: { model: 'sim-small' } });
  });

  test('as a stream meets the taps of streams', async () => {
    const { request, later, call } = await explained('--stream', '--model', 'small');
    expect(request.stream).toBe(true);
    expect(later.map(({ hook }) => hook)).toEqual(['transform.event', 'log']);
    expect(call?.content).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  test('comes in by the surface that is named, and is translated', async () => {
    const { request, call } = await explained('--surface', 'anthropic-messages', '--model', 'small');
    expect(request).toMatchObject({ path: '/v1/messages', dialect: 'anthropic-messages' });
    expect(call).toMatchObject({ dialect: 'openai-chat', body: 'encoded' });
  });

  test('names the targets that would come next', async () => {
    const { call } = await explained('--model', 'smart');
    const targets = new Set([call?.target, ...(call?.next ?? [])]);
    expect(targets).toEqual(new Set(['other/sim-large', 'simulated/sim', 'simulated/sim-small']));
  });

  test('takes its body from a file, with the model that is asked for', async () => {
    const body = { model: 'whatever', messages: [{ role: 'user', content: 'From a file' }], seed: 7 };
    writeFileSync(join(folder, 'body.json'), JSON.stringify(body));
    const { call } = await explained('--config', 'plain.yaml', '--body', 'body.json', '--model', 'small');
    expect(call?.content).toEqual({ ...body, model: 'sim-small' });
  });

  test('carries headers that the dialect sends on, and no others', async () => {
    const options = ['--config', 'other.yaml', '--surface', 'anthropic-messages', '--model', 'small'];
    const { call } = await explained(...options, '-H', 'Anthropic-Beta: a-1', '-H', 'x-other: 2');
    expect(call).toMatchObject({ target: 'other/sim-small', headers: { 'anthropic-beta': 'a-1' } });
    expect(call?.headers).not.toHaveProperty('x-other');
  });
});

describe('a request that ends before', () => {
  test('without a key is shown as the client would see it, with how to ask as somebody', async () => {
    const { code, out } = await explain('--config', 'keys.yaml');
    expect(code).toBe(0);
    expect(out).toContain('  auth  auth-static  ');
    expect(out).toContain('  refused with HTTP 401, and no target called\n');
    expect(out).toContain('"code": "GW_UNAUTHENTICATED"');
    expect(out).toContain('To ask with a key, as its owner: gatewright explain --key …');
  });

  test('with a key, is asked as its owner; the key is shown nowhere', async () => {
    const { code, out } = await explain('--config', 'keys.yaml', '--key', 'sk-team-key-0001', '--model', 'small');
    expect(code).toBe(0);
    expect(out).toContain('identity team');
    expect(out).not.toContain('sk-team');
  });

  test('with a key that may not use the model', async () => {
    const { reply } = await explained('--config', 'keys.yaml', '--key', 'sk-team-key-0001', '--model', 'smart');
    expect(reply).toMatchObject({ status: 403, content: { error: { code: 'GW_FORBIDDEN' } } });
  });

  test('for a model that is not there, in the form of its dialect', async () => {
    const { reply } = await explained('--surface', 'anthropic-messages', '--model', 'smal');
    expect(reply).toMatchObject({ status: 404, content: { type: 'error' } });
    expect(JSON.stringify(reply?.content)).toContain('Did you mean \\"small\\"?');
  });

  test('is answered by a cache', async () => {
    const { code, out } = await explain('--config', 'cache.yaml');
    expect(code).toBe(0);
    expect(out).toMatch(/call\.answer +cache +\d+\.\d\d +an answer\n/);
    expect(out).toContain('answered with HTTP 200, and no target called');
    expect(out).toContain('From the cache.');
  });

  test('is answered by the gateway: the list of models', async () => {
    const { reply } = await explained('--surface', 'openai-models');
    expect(reply).toMatchObject({
      status: 200,
      content: { data: [{ id: 'smart' }, { id: 'small' }, { id: 'tiny-one' }, { id: 'mini' }] },
    });
  });

  test('because a plugin asks another model, which a dry run does not', async () => {
    const { steps, reply } = await explained('--config', 'judge.yaml');
    const result =
      'GW_NO_TARGET: A dry run sends nothing, so a request that is made for another (judge) gets no answer.';
    expect(steps.at(-1)).toMatchObject({ plugin: 'judge', result });
    expect(reply).toMatchObject({ status: 503 });
  });

  test('with a body that is not JSON', async () => {
    writeFileSync(join(folder, 'broken.json'), '{ "model": ');
    const { reply } = await explained('--body', 'broken.json', '--model', 'small');
    expect(reply).toMatchObject({ status: 400, content: { error: { code: 'GW_INVALID_JSON' } } });
  });
});

describe('what makes no request', () => {
  const cases: readonly [words: string[], said: string][] = [
    [['--surface', 'openai-chatt'], 'There is no surface "openai-chatt".\n    help: did you mean "openai-chat"?\n'],
    [['--header', 'nonsense'], '"nonsense" is no header.\n    help: write it like --header "name: value"\n'],
    [
      ['--body', 'nowhere.json'],
      "The body cannot be read: ENOENT: no such file or directory, open '<folder>/nowhere.json'\n",
    ],
    [['--body', 'x.json', '--prompt', 'y'], 'Give either --prompt or --body, not both.\n'],
    [
      ['--body', 'x.json', '--stream'],
      'With --body, the body says whether it wants a stream.\n    help: leave --stream out\n',
    ],
    [
      ['--surface', 'anthropic-count-tokens'],
      'A prompt makes no request for the operation "count-tokens".\n    help: give the request itself: --body file.json\n',
    ],
    [
      ['--surface', 'anthropic-models'],
      'A request like this goes to the surface openai-models, which has the same path as "anthropic-models".\n    help: send the header or the query that its clients send: --header "name: value", --query name=value\n',
    ],
  ];

  test.each(cases)('%j', async (words, said) => {
    expect(await explain(...words)).toEqual({ code: 1, out: '', err: said });
  });
});
