/** Names cannot lead anywhere: whatever a model, a deployment, a region or a project is called, host and path stay. */
import { isIP } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyProvider, PROVIDERS, providerFolders } from './every-provider.ts';
import { post, type TestGateway } from './gateways.ts';
import { JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await everyProvider(upstream.url);
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

/** What a path, a URL or a careless join could read as more than a name. */
const EVIL = [
  '..',
  '.',
  '../admin',
  '../../v1/files',
  'a/../../admin',
  'a/b',
  '/admin',
  '//evil.example/x',
  'a?key=stolen',
  'a#fragment',
  'a%2f..%2fadmin',
  '%2e%2e',
  '%2E%2E/admin',
  '..%2fadmin',
  'a%00b',
  'a%3fkey=stolen',
  'a:generateContent?x=',
  'a:streamGenerateContent',
  '@evil.example',
  'user@evil.example',
  'a@evil.example/x',
  'a\\..\\admin',
  'a;b=c',
  'a b',
  'a\r\nx-evil: 1',
  'a\tb',
  'ä/é',
  'a\u2025b',
  '\ud800',
];

test('every provider is in the table', () => {
  const inTable = new Set(PROVIDERS.map(({ folder }) => folder));
  expect(providerFolders().filter((folder) => !inTable.has(folder))).toEqual([]);
});

describe.each(PROVIDERS)('$id', ({ id, path }) => {
  test('is called at its path with a name as names are', async () => {
    upstream.answer({ status: 500, headers: JSON_BODY, chunks: ['{}'] });
    await post(`${gateway.url}/v1/chat/completions`, question(`${id}/model-1.5`));
    expect(upstream.received[0]?.path).toMatch(path);
  });

  test.each(EVIL)('%j is refused, or stays a name', async (name) => {
    upstream.answer({ status: 500, headers: JSON_BODY, chunks: ['{}'] });
    const response = await post(`${gateway.url}/v1/chat/completions`, question(`${id}/${name}`));
    const [request, ...more] = upstream.received;
    expect(more).toEqual([]);
    if (request === undefined) {
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(await response.text()).not.toContain('GW_PLUGIN_FAILED');
      return;
    }
    expect(request.path).toMatch(path);
    expect(`http://${request.headers.host}`).toBe(upstream.url);
    const [, placed] = path.exec(request.path) ?? [];
    // In the path, a name is itself again once it is decoded; elsewhere it is in the body.
    if (placed !== undefined)
      expect(decodeURIComponent(placed)).toBe(name.replace(/^(?:google|models|tunedModels)\//, ''));
    else expect(JSON.parse(request.body.toString())).toHaveProperty('model', name);
    expect(request.headers).not.toHaveProperty('x-evil');
  });
});

function question(model: string): object {
  return { model, max_tokens: 9, messages: [{ role: 'user', content: 'Hello!' }] };
}

/** What the configuration may say of a place, each with what it must not. */
const PLACES: readonly { readonly id: string; readonly option: string; readonly good: string }[] = [
  { id: 'gemini', option: 'apiVersion', good: 'v1beta' },
  { id: 'vertex', option: 'project', good: 'acme-prod-1' },
  { id: 'vertex', option: 'project', good: 'acme.example:prod' },
  { id: 'vertex', option: 'location', good: 'us-east5' },
  { id: 'vertex', option: 'apiVersion', good: 'v1beta1' },
  { id: 'bedrock', option: 'region', good: 'us-gov-west-1' },
  { id: 'azure-dated', option: 'apiVersion', good: '2024-10-21-preview' },
];

describe.each(PLACES)('$option of $id', ({ id, option, good }) => {
  const provider = PROVIDERS.find((one) => one.id === id);
  const accepts = (value: string): boolean | undefined =>
    provider?.plugin.options.safeParse({ ...provider.options('http://127.0.0.1:9'), [option]: value }).success;

  test(`may be ${good}`, () => {
    expect(accepts(good)).toBe(true);
  });

  test.each(EVIL.map((name) => name.replace(/^a(?=[^a-z])/, good)).filter((name) => name !== '.'))(
    'cannot be %j',
    (name) => {
      expect(accepts(name)).toBe(false);
    },
  );
});

test('the upstream of these tests is this machine', () => {
  expect(isIP(new URL(upstream.url).hostname)).toBe(4);
});
