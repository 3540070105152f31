/** What goes wrong is, in both clients, an error of the class that their own provider would have made it. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SPECS_ABSENCE, specsThere, violations } from './specs.ts';
import { CLIENT_KEY, HELLO, Stage } from './stage.ts';

let stage: Stage;
/** The bodies of errors, as they came. */
const bodies: { client: string; body: unknown }[] = [];

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
beforeEach(() => void stage.recorder.requests.splice(0));

interface Ask {
  readonly model: string;
  readonly stream?: boolean;
  readonly say?: string;
  readonly key?: string;
  readonly retries?: number;
  readonly headers?: Record<string, string | null>;
  /** More fields of the body. */
  readonly more?: object;
}

function keep(client: string): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok) bodies.push({ client, body: await response.clone().json() });
    return response;
  };
}

async function askOpenai({
  model,
  stream = false,
  say = 'say hello',
  key,
  retries = 0,
  headers = {},
  more,
}: Ask): Promise<string> {
  const client = new OpenAI({
    baseURL: `${stage.url}/v1`,
    apiKey: key ?? CLIENT_KEY,
    maxRetries: retries,
    defaultHeaders: headers,
    fetch: keep('openai'),
  });
  const body = { model, messages: [{ role: 'user' as const, content: say }], ...more };
  if (!stream) return (await client.chat.completions.create(body)).choices[0]?.message.content ?? '';
  return (await client.chat.completions.stream(body).finalContent()) ?? '';
}

async function askAnthropic({
  model,
  stream = false,
  say = 'say hello',
  key,
  retries = 0,
  headers = {},
  more,
}: Ask): Promise<string> {
  const client = new Anthropic({
    baseURL: stage.url,
    apiKey: key ?? CLIENT_KEY,
    maxRetries: retries,
    defaultHeaders: headers,
    fetch: keep('anthropic'),
  });
  const body = { model, max_tokens: 99, messages: [{ role: 'user' as const, content: say }], ...more };
  const { content } = stream ? await client.messages.stream(body).finalMessage() : await client.messages.create(body);
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

const CLIENTS = { openai: { ask: askOpenai, sdk: OpenAI }, anthropic: { ask: askAnthropic, sdk: Anthropic } };
type Client = keyof typeof CLIENTS;
type ErrorClass =
  | 'BadRequestError'
  | 'AuthenticationError'
  | 'PermissionDeniedError'
  | 'NotFoundError'
  | 'RateLimitError'
  | 'InternalServerError'
  | 'APIError';

const WAYS = (['openai', 'anthropic'] as Client[]).flatMap((client) =>
  ['gpt', 'claude'].flatMap((model) => [false, true].map((stream) => ({ client, model, stream }))),
);

/** Asks, and checks that it fails with this class and status. */
async function expectFailure(client: Client, ask: Ask, name: ErrorClass, status: number | undefined): Promise<Error> {
  const error: unknown = await CLIENTS[client].ask(ask).then(
    (text) => `It did not fail, but answered ${JSON.stringify(text)}.`,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(CLIENTS[client].sdk[name]);
  expect((error as { status?: number }).status).toBe(status);
  return error as Error;
}

describe.each(WAYS)('$client asks $model, streamed: $stream', ({ client, model, stream }) => {
  test.each<[number, ErrorClass, string]>([
    [400, 'BadRequestError', 'invalid_request_error'],
    [401, 'AuthenticationError', 'authentication_error'],
    [403, 'PermissionDeniedError', 'permission_error'],
    [404, 'NotFoundError', 'not_found_error'],
    [429, 'RateLimitError', 'rate_limit_error'],
    [500, 'InternalServerError', 'api_error'],
    [503, 'InternalServerError', 'api_error'],
    [529, 'InternalServerError', 'overloaded_error'],
  ])('and the provider answers %i', async (status, name, type) => {
    stage.mock.nextRequestError(status, { message: 'That will not do.', type });
    const error = await expectFailure(client, { model, stream }, name, status);
    expect(error.message).toContain('That will not do.');
    expect(stage.recorder.requests).toHaveLength(1);
  });
});

test.each(WAYS.filter(({ stream }) => stream))('$client asks $model, and its stream breaks off', async (way) => {
  const error = await expectFailure(way.client, { ...way, say: 'break off' }, 'APIError', undefined);
  expect(error.message).toContain('in the middle of its answer');
});

describe.each(['openai', 'anthropic'] as Client[])('%s', (client) => {
  test('with a key that nobody knows is not let in', async () => {
    const error = await expectFailure(client, { model: 'gpt', key: 'someone-elses-key' }, 'AuthenticationError', 401);
    expect(error.message).toContain('key is not known');
    expect(stage.recorder.requests).toEqual([]);
  });

  test.each(['gpt', 'claude'])('may carry its key in x-api-key; to %s', async (model) => {
    const headers = { authorization: null, 'x-api-key': CLIENT_KEY };
    if (client === 'anthropic') expect(await CLIENTS[client].ask({ model, headers })).toBe(HELLO);
    else await expectFailure(client, { model, headers }, 'AuthenticationError', 401);
  });

  test('is told of models that are almost called so', async () => {
    const error = await expectFailure(client, { model: 'claud' }, 'NotFoundError', 404);
    expect(error.message).toContain('claude');
  });

  test('is told which field the provider of the other dialect has nothing for', async () => {
    const [model, field, more] = client === 'openai' ? ['claude', 'seed', { seed: 7 }] : ['gpt', 'top_k', { top_k: 7 }];
    const error = await expectFailure(client, { model, more }, 'BadRequestError', 400);
    expect(error.message).toMatch(new RegExp(`${field}.*:`));
    expect(stage.recorder.requests).toEqual([]);
  });

  test('tries again where that may help, and only there', async () => {
    stage.mock.nextRequestError(503, { message: 'Later.' });
    expect(await CLIENTS[client].ask({ model: 'gpt', retries: 1 })).toBe(HELLO);
    expect(stage.recorder.requests).toHaveLength(2);
    await expectFailure(client, { model: 'nobody', retries: 2 }, 'NotFoundError', 404);
    stage.mock.nextRequestError(400, { message: 'Never.' });
    await expectFailure(client, { model: 'gpt', retries: 2 }, 'BadRequestError', 400);
    expect(stage.recorder.requests).toHaveLength(3);
  });
});

describe('keys', () => {
  test('of clients never reach a provider, whichever header they came in', async () => {
    await askAnthropic({ model: 'claude', headers: { 'x-api-key': CLIENT_KEY } });
    await askOpenai({ model: 'gpt' });
    for (const { headers } of stage.recorder.requests) expect(JSON.stringify(headers)).not.toContain(CLIENT_KEY);
    expect(stage.recorder.requests[0]?.headers).toMatchObject({ 'x-api-key': 'upstream-anthropic-key' });
    expect(stage.recorder.requests[1]?.headers).toMatchObject({ authorization: 'Bearer upstream-openai-key' });
  });

  test('go with the version that Anthropic’s client speaks', async () => {
    await askAnthropic({ model: 'claude' });
    expect(stage.recorder.last.headers['anthropic-version']).toBe('2026-10-21');
    await askOpenai({ model: 'claude' });
    expect(stage.recorder.last.headers['anthropic-version']).toBe('2023-06-01');
  });
});

describe.skipIf(!specsThere)(`the bodies of errors${SPECS_ABSENCE}`, () => {
  test('are valid by the schema of the client’s own provider', () => {
    expect(bodies.length).toBeGreaterThan(60);
    const kind = (client: string) => (client === 'openai' ? 'openai-error' : 'anthropic-error');
    const bad = bodies.filter(({ client, body }) => violations(kind(client), body).length > 0);
    expect(bad).toEqual([]);
  });
});
