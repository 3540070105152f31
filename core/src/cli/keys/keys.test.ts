/** Tests of `gatewright keys`: what it asks of the gateway, what it shows, and what it says where that fails. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn, type Outcome } from '../terminal.test.kit.ts';

const ADMIN_KEY = 'sk-admin-0123456789abcdef';
const SECRET = 'sk-made-for-this-test-0123456789';

const KEY = {
  token: 'key_1',
  key_name: 'sk-...6789',
  key_alias: 'ci',
  spend_exact: '1.25',
  max_budget: 10,
  user_id: null,
  team_id: 'core',
  models: ['fast'],
  access_group_ids: [],
  tags: [],
  rpm_limit: 60,
  expires: '2020-01-01T00:00:00.000Z',
  blocked: false,
  created_at: '2019-01-01T00:00:00.000Z',
  created_by: 'admin',
  budget_status: [
    {
      window: '1mo',
      models: null,
      limit: '10.00',
      spent: '1.25',
      reserved: '0.50',
      remaining: '8.25',
      resets_at: '2026-12-01',
    },
  ],
};

interface Asked {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What the stand-in answers, by path. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/key/generate': { ...KEY, key: SECRET },
  '/key/regenerate': { ...KEY, key: SECRET },
  '/key/info': { key: 'key_1', info: KEY },
  '/key/list': { keys: [KEY, { ...KEY, key_alias: 'bad\u001b[31m\nname', blocked: true }] },
  '/key/block': { ...KEY, blocked: true },
  '/key/unblock': KEY,
  '/key/delete': { deleted_keys: ['key_1', 'key_2'] },
};

let server: Server;
let url: string;
let folder: string;
let asked: Asked[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { authorization } = request.headers;
      asked.push({ line: `${request.method} ${request.url}`, authorization, body: Buffer.concat(chunks).toString() });
      const path = (request.url ?? '').replace(/\?.*$/, '');
      const error = { message: 'There is no key "gone".', code: 'GW_NOT_FOUND' };
      const [status, body]: readonly [number, unknown] =
        authorization !== `Bearer ${ADMIN_KEY}`
          ? [401, { error: {} }]
          : path in ANSWERS
            ? [200, ANSWERS[path]]
            : [404, { error }];
      const gone = Buffer.concat(chunks).toString().includes('gone');
      response.statusCode = gone ? 404 : status;
      response.end(JSON.stringify(gone ? { error } : body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = folderOf({ 'admin.key': `${ADMIN_KEY}\n` });
});
afterAll(() => {
  server.close();
  removeFolder(folder);
});
beforeEach(() => {
  asked = [];
});

const run = (words: string[], env: Record<string, string> = { GATEWRIGHT_ADMIN_KEY: ADMIN_KEY }): Promise<Outcome> =>
  runIn(folder, ['keys', ...words, '--url', url], { env });

test('create asks for what was said, and writes the secret alone to standard output', async () => {
  const words = [
    '--alias',
    'ci',
    '--team',
    'core',
    '-m',
    'fast',
    '-m',
    'slow-*',
    '--budget',
    '0.10',
    '--window',
    '1mo',
  ];
  const { code, out, err } = await run(['create', ...words, '--rpm', '60', '--expires', '30d']);
  expect([code, out]).toEqual([0, `${SECRET}\n`]);
  expect(err).toContain('This is the only time that the key is shown.');
  expect(err).not.toContain(SECRET);
  expect(err).toContain('$10.00 1mo: $1.25 spent, $0.50 reserved, $8.25 left, resets 2026-12-01');
  expect(asked).toHaveLength(1);
  expect(asked[0]?.line).toBe('POST /key/generate');
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    key_alias: 'ci',
    team_id: 'core',
    models: ['fast', 'slow-*'],
    max_budget: '0.10',
    budget_duration: '1mo',
    rpm_limit: 60,
    duration: '30d',
  });
});

test('list is a table, and shows what others wrote as text', async () => {
  const { out } = await run(['list', '--team', 'core']);
  expect(asked[0]?.line).toBe('GET /key/list?return_full_object=true&size=100&team_id=core&page=1');
  const [head, first, second, ...more] = out.trimEnd().split('\n');
  expect(head).toMatch(/^key +id +alias +user +team +spent +budget +expires +state$/);
  expect(first).toMatch(/^sk-\.\.\.6789 +key_1 +ci +- +core +\$1\.25 +\$10 +2020-01-01 +expired$/);
  expect(second).toMatch(/bad name .*blocked$/);
  expect(more).toEqual([]);
});

test.each([
  [['info', 'ci'], 'GET /key/info?key=ci', ''],
  [['block', 'ci'], 'POST /key/block', '{"key":"ci"}'],
  [['unblock', 'ci'], 'POST /key/unblock', '{"key":"ci"}'],
  [['rotate', 'ci', '--grace', '24h'], 'POST /key/regenerate', '{"key":"ci","grace_period":"24h"}'],
  [['delete', 'ci', 'key_2'], 'POST /key/delete', '{"keys":["ci","key_2"]}'],
])('%j', async (words, line, body) => {
  const { code, err } = await run(words);
  expect([code, err.includes('help:')]).toEqual([0, false]);
  expect(asked).toEqual([{ line, authorization: `Bearer ${ADMIN_KEY}`, body }]);
});

test('as JSON, the answer is what the gateway said', async () => {
  expect(JSON.parse((await run(['list', '--json'])).out)).toEqual((ANSWERS['/key/list'] as { keys: unknown }).keys);
  const made = await run(['create', '--json']);
  expect(JSON.parse(made.out)).toMatchObject({ key: SECRET });
  expect(made.err).toBe('');
});

test('the key may be in a file, and the address in the environment', async () => {
  const words = ['keys', 'info', 'ci', '--admin-key-file', 'admin.key'];
  expect((await runIn(folder, words, { env: { GATEWRIGHT_URL: url } })).code).toBe(0);
  expect(asked[0]?.authorization).toBe(`Bearer ${ADMIN_KEY}`);
});

describe('what goes wrong is said with what to do', () => {
  test('no key', async () => {
    const { code, err } = await run(['list'], {});
    expect([code, err]).toEqual([
      1,
      'There is no admin key.\n    help: set GATEWRIGHT_ADMIN_KEY, or name a file that holds it: --admin-key-file <path>\n',
    ]);
  });

  test('a wrong key, which is not repeated', async () => {
    const { code, err } = await run(['list'], { GATEWRIGHT_ADMIN_KEY: 'sk-wrong-0123456789' });
    expect(code).toBe(1);
    expect(err).toContain(`The gateway at ${url} does not know this key.`);
    expect(err).not.toContain('sk-wrong');
  });

  test('a file that is not there, an address that is none, a number that is none', async () => {
    expect((await run(['list', '--admin-key-file', 'nowhere'])).err).toContain('cannot be read: <folder>/nowhere');
    const env = { GATEWRIGHT_ADMIN_KEY: ADMIN_KEY };
    const { err } = await runIn(folder, ['keys', 'list', '--url', 'localhost:4000'], { env });
    expect(err).toContain('"localhost:4000" is no address of a gateway.');
    expect((await run(['create', '--rpm', 'many'])).err).toContain('--rpm takes a whole number, not "many".');
  });

  test('nobody listens', async () => {
    const env = { GATEWRIGHT_ADMIN_KEY: ADMIN_KEY };
    const { code, err } = await runIn(folder, ['keys', 'list', '--url', 'http://127.0.0.1:1'], { env });
    expect(code).toBe(1);
    expect(err).toMatch(/^Nothing listens at http:\/\/127\.0\.0\.1:1\.\n {4}help: start it with "gatewright start"/);
  });

  test('what the gateway refuses is said in its words', async () => {
    const { code, err } = await run(['block', 'gone']);
    expect([code, err]).toEqual([1, 'There is no key "gone".\n']);
  });

  test('a gateway without management routes', async () => {
    const other = createServer((_request, response) => {
      response.statusCode = 404;
      response.end('<h1>Not found</h1>');
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const env = { GATEWRIGHT_ADMIN_KEY: ADMIN_KEY };
    const { err } = await runIn(folder, ['keys', 'list', '--url', address], { env });
    other.close();
    expect(err).toContain('has no management routes: /key/list answered 404.');
    expect(err).toContain('add the plugin @gatewright/admin-api');
  });
});
