/** Credentials of providers stay where they are: whatever fails, nothing that leaves the gateway repeats them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createGateway, type GatewayConfig, type Logger } from '@gatewright/core';
import dialectAnthropic from '@gatewright/dialect-anthropic';
import dialectBedrock from '@gatewright/dialect-bedrock';
import dialectCohere from '@gatewright/dialect-cohere';
import dialectGemini from '@gatewright/dialect-gemini';
import dialectOllama from '@gatewright/dialect-ollama';
import dialectOpenai from '@gatewright/dialect-openai';
import logPino from '@gatewright/log-pino';
import metrics from '@gatewright/metrics-prometheus';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { pluginNames } from '../docs/plugins.ts';
import { post, startGateway, type TestGateway } from './gateways.ts';
import { ADDRESSES, HEADER, INSTANCES, KEY, PLANTED, QUERY, TOKEN } from './planted.ts';
import { byteByByte, EVENT_STREAM, JSON_BODY, Upstream, type Answer, type Received } from './upstream.ts';

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

/** Those that the providers of other vendors are called in. */
const DIALECTS = [dialectGemini, dialectBedrock, dialectCohere, dialectOllama].map((use) => ({ use }));

const SAYS = [{ role: 'user', content: 'Hello!' }];

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
  for (const { id, model = 'm' } of INSTANCES) models[id] = { targets: [{ provider: id, model }] };
  gateway = await startGateway({
    upstream: upstream.url,
    logger,
    config: {
      timeouts: { headers: 300, idle: 300 },
      plugins: [
        ...DIALECTS,
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

test('every provider that has a credential is here', () => {
  const names = new Set(INSTANCES.map(({ use }) => use.name));
  const folders = pluginNames().filter((name) => name.startsWith('provider-') && name !== 'provider-simulated');
  expect(folders.map((name) => `@gatewright/${name}`).filter((name) => !names.has(name))).toEqual([]);
});

test('what leaks is seen', () => {
  expect(leaks(`a ${KEY.slice(3, 11)} b`)).toEqual([KEY.slice(3, 11)]);
  const said = everything(
    { path: `/?${QUERY}`, headers: { authorization: `Bearer ${TOKEN}`, 'x-house': HEADER } },
    TOKEN,
  );
  expect(leaks(said)).toEqual(expect.arrayContaining([TOKEN.slice(0, 8), TOKEN.slice(-8), HEADER, QUERY]));
  expect(leaks('nothing')).toEqual([]);
});

describe.each(INSTANCES)('$id', ({ id, use, options, secret, sent = true, silent, model = 'm' }) => {
  test.each(Object.entries(FAILURES).filter(([what]) => what !== silent))('%s', async (_what, failure) => {
    const written = vi.spyOn(process.stderr, 'write');
    const before = gateway.records.length;
    for (const stream of [false, true]) {
      upstream.answer((received) => failure(everything(received, secret)));
      const response = await post(`${gateway.url}/v1/chat/completions`, { model: id, stream, messages: SAYS });
      const reply = [shown([...response.headers]), await response.text().catch(shown)].join('\n');
      expect(upstream.received).toHaveLength(1);
      expect(shown(upstream.received[0]?.headers).includes(secret)).toBe(sent);
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
    const plugins = [...DIALECTS, { use, id, with: options(url) }];
    const models: GatewayConfig['models'] = { [id]: { targets: [{ provider: id, model }] } };
    const own = await startGateway({ upstream: url, logger, config: { plugins, models } });
    const response = await post(`${own.url}/v1/chat/completions`, { model: id, messages: SAYS });
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
  const least = 2 * (INSTANCES.length * Object.keys(FAILURES).length - 1);
  expect(lines.trim().split('\n').length).toBeGreaterThanOrEqual(least);
  expect(leaks(lines)).toEqual([]);
});

/** Ways to put a credential where none belongs: what is said of the address, and of the key. */
const MISPLACED: readonly (readonly [string, (url: string) => string, string])[] = [
  ['a key in the user name of the address', (url) => url.replace('//', `//${KEY}@`), KEY],
  ['a key as the password of the address', (url) => url.replace('//', `//me:${KEY}@`), KEY],
  ['a key in the query of the address', (url) => `${url}?key=${KEY}`, KEY],
  ['a key where the address belongs', () => KEY, KEY],
  ['a key with a line end', (url) => url, `${KEY}\n`],
];

describe.each(ADDRESSES.map((one): [string, (typeof ADDRESSES)[number]] => [one.use.name, one]))(
  'a configuration of %s that is refused',
  (_name, { use, at, as, more }) => {
    test.each(MISPLACED)('%s', async (_what, address, key) => {
      const options = { ...more, [at]: address('https://api.acme.example'), [as]: key };
      const config: GatewayConfig = {
        plugins: [{ use: dialectOpenai }, { use: dialectAnthropic }, ...DIALECTS, { use, with: options }],
      };
      const refused = await createGateway(config, { logger }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'GW_CONFIG' });
      // It is that which is refused, and nothing else.
      expect(shown(refused)).toMatch(new RegExp(`with\\.(${at}|${as})`));
      expect(leaks([shown(refused), ...logged].join('\n'))).toEqual([]);
    });
  },
);
