/** Credentials of providers stay where they are: whatever fails, nothing that leaves the gateway repeats them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createGateway, type GatewayConfig, type Logger, type Plugin } from '@gatewright/core';
import dialectOpenai from '@gatewright/dialect-openai';
import logPino from '@gatewright/log-pino';
import metrics from '@gatewright/metrics-prometheus';
import azure from '@gatewright/provider-azure-openai';
import openai from '@gatewright/provider-openai';
import compatible from '@gatewright/provider-openai-compatible';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { byteByByte, EVENT_STREAM, JSON_BODY, Upstream, type Answer, type Received } from './upstream.ts';

/** Without the look of a key: neither a prefix nor a word that a pattern could know it by. */
const KEY = 'q7Fz2xLw9Zr4TbVn8KsYp0cJmD5h';
const TOKEN = 'zzJhbGciOiJSUzI1NiJ9.xxJhdWQiOiJodHRw.Uv3kQ-8_sWf2';
const HEADER = 'second secret of this house';
const QUERY = 'subscription-4711-0815-99';
const PLANTED = [KEY, TOKEN, HEADER, QUERY];

/** Each provider with each of its credentials. */
const INSTANCES: readonly { id: string; use: Plugin; options: (url: string) => Record<string, unknown> }[] = [
  {
    id: 'own-openai',
    use: openai,
    options: (url) => ({ apiKey: KEY, baseUrl: `${url}/v1`, headers: { 'x-house': HEADER } }),
  },
  {
    id: 'compatible',
    use: compatible,
    options: (url) => ({ apiKey: KEY, baseUrl: `${url}/v1`, headers: { 'x-house': HEADER }, query: { sub: QUERY } }),
  },
  {
    id: 'preset',
    use: compatible,
    options: (url) => ({ preset: 'groq', apiKey: KEY, baseUrl: `${url}/v1` }),
  },
  {
    id: 'azure-key',
    use: azure,
    options: (url) => ({ endpoint: url, apiKey: KEY, headers: { 'x-house': HEADER } }),
  },
  {
    id: 'azure-token',
    use: azure,
    options: (url) => ({ endpoint: url, api: 'deployments', apiVersion: '2024-10-21', token: TOKEN }),
  },
];

/** What a careless provider says of the request that it got: all of it, and the credential in parts. */
const everything = ({ path, headers }: Pick<Received, 'path' | 'headers'>, secret: string): string =>
  `${path} ${JSON.stringify(headers)} begins ${secret.slice(0, 11)}, ends ${secret.slice(-9)}, ` +
  `${secret.slice(0, 4)}****${secret.slice(-4)}, …${secret.slice(5, 17)}…`;

/** Ways to fail, of which some say `said`. */
const FAILURES: Readonly<Record<string, (said: string) => Answer>> = {
  'a 401 in JSON': (said) => ({
    status: 401,
    headers: JSON_BODY,
    chunks: [JSON.stringify({ error: { message: said, type: said, code: said, param: said } })],
  }),
  'a 401 in pieces': (said) => ({ status: 401, chunks: byteByByte(Buffer.from(JSON.stringify({ message: said }))) }),
  'a 403 in plain text': (said) => ({ status: 403, chunks: [said] }),
  'a 500 as a web page': (said) => ({ status: 500, chunks: [`<html><title>${said}</title></html>`] }),
  'a 502 that breaks off': (said) => ({ status: 502, chunks: [said], end: 'reset' }),
  'a success that is no JSON': (said) => ({ headers: JSON_BODY, chunks: [`not ${said}`] }),
  'a stream that breaks off': () => ({ headers: EVENT_STREAM, chunks: [CHUNK, CHUNK], end: 'reset' }),
  'a connection that is reset': () => ({ end: 'reset', chunks: [] }),
  'no answer in time': () => ({ end: 'never' }),
};

const CHUNK =
  'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n';

let folder: string;
let upstream: Upstream;
let gateway: TestGateway;
/** Everything that the gateway's log was given, errors with their causes. */
const logged: string[] = [];
const note = (level: string) => (message: string, fields?: unknown) =>
  void logged.push(`${level} ${message} ${shown(fields)}`);
const logger: Logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };

const shown = (value: unknown): string =>
  inspect(value, { depth: Infinity, breakLength: Infinity, maxStringLength: null });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-secrets-'));
  upstream = await Upstream.start();
  const models: GatewayConfig['models'] = {};
  for (const { id } of INSTANCES) models[id] = { targets: [{ provider: id, model: 'm' }] };
  gateway = await startGateway({
    upstream: upstream.url,
    logger,
    config: {
      timeouts: { headers: 300, idle: 300 },
      plugins: [
        ...INSTANCES.map(({ id, use, options }) => ({ use, id, with: options(upstream.url) })),
        { use: logPino, with: { destination: join(folder, 'log'), level: 'debug' } },
        { use: metrics },
      ],
      models,
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

/** The planted secrets that a text gives away: whole, or eight characters of them in a row. */
function leaks(text: string): string[] {
  return PLANTED.flatMap((secret) => {
    const whole = secret === HEADER || secret === QUERY;
    const pieces = whole ? [secret] : Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));
    return pieces.filter((piece) => text.includes(piece));
  });
}

test('what leaks is seen', () => {
  expect(leaks(`a ${KEY.slice(3, 11)} b`)).toEqual([KEY.slice(3, 11)]);
  const said = everything(
    { path: `/?${QUERY}`, headers: { authorization: `Bearer ${TOKEN}`, 'x-house': HEADER } },
    TOKEN,
  );
  expect(leaks(said)).toEqual(expect.arrayContaining([TOKEN.slice(0, 8), TOKEN.slice(-8), HEADER, QUERY]));
  expect(leaks('nothing')).toEqual([]);
});

describe.each(INSTANCES)('$id', ({ id, use, options }) => {
  const secret = id === 'azure-token' ? TOKEN : KEY;

  test.each(Object.entries(FAILURES))('%s', async (_what, failure) => {
    const written = vi.spyOn(process.stderr, 'write');
    const before = gateway.records.length;
    for (const stream of [false, true]) {
      upstream.answer((received) => failure(everything(received, secret)));
      const response = await post(`${gateway.url}/v1/chat/completions`, { model: id, stream, messages: [] });
      const reply = [shown([...response.headers]), await response.text().catch(shown)].join('\n');
      expect(upstream.received).toHaveLength(1);
      expect(shown(upstream.received[0]?.headers)).toContain(secret);
      expect(leaks(reply), reply).toEqual([]);
    }
    await gateway.record(before + 1);
    const records = gateway.records.slice(before);
    expect(records.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
    expect(leaks(shown(records)), shown(records)).toEqual([]);
    expect(leaks(logged.join('\n')), logged.join('\n')).toEqual([]);
    expect(leaks(shown(written.mock.calls))).toEqual([]);
  });

  test('a server that is not there', async () => {
    const gone = await Upstream.start();
    const { url } = gone;
    await gone.stop();
    const plugins = [{ use, id, with: options(url) }];
    const models: GatewayConfig['models'] = { [id]: { targets: [{ provider: id, model: 'm' }] } };
    const own = await startGateway({ upstream: url, logger, config: { plugins, models } });
    const response = await post(`${own.url}/v1/chat/completions`, { model: id, messages: [] });
    const all = [shown([...response.headers]), await response.text(), shown(await own.record()), ...logged].join('\n');
    await own.close();
    expect(response.status).toBe(502);
    expect(leaks(all), all).toEqual([]);
  });
});

test('the sinks of the whole run', async () => {
  const page = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(page).toContain('azure-token');
  expect(leaks(page)).toEqual([]);
  await gateway.close();
  const lines = readFileSync(join(folder, 'log'), 'utf8');
  expect(lines.trim().split('\n').length).toBeGreaterThanOrEqual(2 * INSTANCES.length * Object.keys(FAILURES).length);
  expect(leaks(lines)).toEqual([]);
});

describe('a configuration that is refused', () => {
  const credentials = { openai: 'apiKey', compatible: 'apiKey', azure: 'token' };
  const plugins: Record<keyof typeof credentials, Plugin> = {
    openai: openai,
    compatible: compatible,
    azure: azure,
  };

  test.each(
    Object.keys(credentials).flatMap(
      (name) =>
        [
          [name, 'a key in the user name of the address', (url: string) => url.replace('//', `//${KEY}@`), KEY],
          [name, 'a key as the password of the address', (url: string) => url.replace('//', `//me:${KEY}@`), KEY],
          [name, 'a key in the query of the address', (url: string) => `${url}?key=${KEY}`, KEY],
          [name, 'a key where the address belongs', () => KEY, KEY],
          [name, 'a key with a line end', (url: string) => url, `${KEY}\n`],
        ] as const,
    ),
  )('%s: %s', async (name, _what, address, key) => {
    const kind = name as keyof typeof credentials;
    const where = kind === 'azure' ? 'endpoint' : 'baseUrl';
    const options = { [where]: address('https://api.acme.example/v1'), [credentials[kind]]: key };
    const config: GatewayConfig = {
      plugins: [{ use: dialectOpenai }, { use: plugins[kind], with: options }],
    };
    const refused = await createGateway(config, { logger }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'GW_CONFIG' });
    expect(leaks([shown(refused), ...logged].join('\n'))).toEqual([]);
  });
});
