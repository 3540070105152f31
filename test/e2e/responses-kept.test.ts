/** Responses that their provider keeps, asked for by their ids with the vendor's own client. */
import authStatic from '@gatewright/auth-static';
import type { Plugin } from '@gatewright/core';
import providerCompatible from '@gatewright/provider-openai-compatible';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { ITEMS, json, Keeper, USAGE } from './responses-keeper.ts';
import { EVENT_STREAM, JSON_BODY } from './upstream.ts';

let one: Keeper;
let two: Keeper;
let gateway: TestGateway;

const KEYS = [
  { key: 'key-of-core-0123456789', id: 'core-1', team: 'core' },
  { key: 'other-of-core-0123456789', id: 'core-2', team: 'core' },
  { key: 'key-of-sales-0123456789', id: 'sales-1', team: 'sales' },
  { key: 'key-for-vectors-0123456789', id: 'core-3', team: 'core', operations: ['embeddings'] },
];

const config = (models: Record<string, readonly string[]>) => ({
  models: Object.fromEntries(
    Object.entries(models).map(([name, providers]) => [
      name,
      { targets: providers.map((provider) => ({ provider, model: `${name}-upstream` })) },
    ]),
  ),
  plugins: [
    { use: authStatic as Plugin, with: { keys: KEYS } },
    {
      use: providerCompatible as Plugin,
      id: 'second',
      with: { baseUrl: `${two.upstream.url}/v1`, apiKey: 'upstream-second-key', operations: ['chat', 'responses'] },
    },
  ],
});

const clientOf = (index: number): OpenAI =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEYS[index]?.key ?? '', maxRetries: 0 });

beforeEach(async () => {
  one = await Keeper.start('one');
  two = await Keeper.start('two');
  const models = { first: ['openai'], other: ['second'], both: ['second', 'openai'] };
  gateway = await startGateway({ upstream: one.upstream.url, config: config(models) });
});
afterEach(async () => {
  await gateway.close();
  await one.upstream.stop();
  await two.upstream.stop();
});

/** What the client throws. */
async function failure(run: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await run;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

describe('a response', () => {
  test.each([
    ['first', 'one', 'upstream-openai-key'],
    ['other', 'two', 'upstream-second-key'],
  ])('of %s is fetched, listed, cancelled and deleted where it was made', async (model, name, key) => {
    const client = clientOf(0);
    const { id } = await client.responses.create({ model, input: 'Hello' });
    expect(id).toBe(`resp_${name}_1`);
    expect(await client.responses.retrieve(id)).toMatchObject({ id, status: 'completed', usage: USAGE });
    const items = await client.responses.inputItems.list(id, { limit: 2, order: 'asc' });
    expect(items.data).toEqual(ITEMS);
    expect(await client.responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
    await client.responses.delete(id);
    const { received } = (name === 'one' ? one : two).upstream;
    expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/responses',
      `GET /v1/responses/${id}`,
      `GET /v1/responses/${id}/input_items?limit=2&order=asc`,
      `POST /v1/responses/${id}/cancel`,
      `DELETE /v1/responses/${id}`,
    ]);
    expect(new Set(received.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${key}`]));
    expect(received.slice(1).map(({ body }) => body.length)).toEqual([0, 0, 0, 0]);
    // What is deleted is forgotten here, too.
    expect((await failure(client.responses.retrieve(id))).status).toBe(404);
    expect(received).toHaveLength(5);
  });

  test('is polled while it is made in the background, and is not paid for again', async () => {
    const client = clientOf(0);
    const { id, status } = await client.responses.create({ model: 'first', input: 'Hello', background: true });
    expect(status).toBe('queued');
    expect((await client.responses.retrieve(id)).status).toBe('queued');
    one.complete(id);
    expect(await client.responses.retrieve(id)).toMatchObject({ status: 'completed', usage: USAGE });
    expect(gateway.records.map(({ operation, model, usage }) => [operation, model, usage === undefined])).toEqual([
      ['chat', 'first', true],
      ['kept', 'first', true],
      ['kept', 'first', true],
    ]);
  });

  test('that is streamed again passes as it is, also where it has failed', async () => {
    const client = clientOf(0);
    const { id } = await client.responses.create({ model: 'first', input: 'Hello', background: true });
    const events = [];
    for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: 4 }))
      events.push(event);
    expect(events.map(({ type }) => type)).toEqual(['response.output_text.delta', 'response.failed']);
    expect(one.upstream.received[1]?.path).toBe(`/v1/responses/${id}?stream=true&starting_after=4`);
    expect((await gateway.record(1)).result).toBe('success');
  });

  test('is known while it streams', async () => {
    const client = clientOf(0);
    const made = { id: 'resp_streamed', object: 'response', created_at: 1, model: 'm', output: [], usage: USAGE };
    const events = [
      { type: 'response.created', response: { ...made, status: 'in_progress' } },
      { type: 'response.output_text.delta', delta: 'Hi' },
    ];
    const chunks = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
    one.upstream.answer([{ headers: EVENT_STREAM, chunks, end: 'hang' }, json(made)]);
    const stream = await client.responses.create({ model: 'first', input: 'Hello', stream: true, background: true });
    for await (const event of stream) {
      expect(event.type).toBe('response.created');
      expect((await client.responses.retrieve('resp_streamed')).id).toBe('resp_streamed');
      break;
    }
  });
});

describe('whose it is', () => {
  test('a key of the same team may ask for it', async () => {
    const { id } = await clientOf(0).responses.create({ model: 'first', input: 'Hello' });
    expect((await clientOf(1).responses.retrieve(id)).id).toBe(id);
  });

  test('another team is told that nothing is known of it, in every way', async () => {
    const { id } = await clientOf(0).responses.create({ model: 'first', input: 'Hello' });
    const { responses } = clientOf(2);
    for (const run of [
      () => responses.retrieve(id),
      () => responses.delete(id),
      () => responses.cancel(id),
      () => responses.inputItems.list(id),
      () => responses.create({ model: 'first', input: 'Go on', previous_response_id: id }),
    ]) {
      const error = await failure(run());
      expect([error.status, error.code, error.type]).toEqual([404, 'GW_NOT_FOUND', 'invalid_request_error']);
      expect(error.message).toContain(`Nothing is known here of "${id}"`);
    }
    expect(one.upstream.received).toHaveLength(1);
    expect((await clientOf(0).responses.retrieve(id)).id).toBe(id);
  });

  test('who may not make such things may not ask for them', async () => {
    const { id } = await clientOf(0).responses.create({ model: 'first', input: 'Hello' });
    expect((await failure(clientOf(3).responses.retrieve(id))).status).toBe(403);
  });
});

describe('an id that leads nowhere', () => {
  test.each(['resp_unknown', 'resp_gw_0a1b', 'a..b', '..%2f..%2fmodels', 'x'.repeat(300)])('%s', async (id) => {
    const error = await failure(clientOf(0).responses.retrieve(id));
    expect([error.status, error.code]).toEqual([404, 'GW_NOT_FOUND']);
    expect(one.upstream.received).toEqual([]);
  });

  test('of an answer that was not to be kept', async () => {
    const { id } = await clientOf(0).responses.create({ model: 'first', input: 'Hello', store: false });
    expect((await failure(clientOf(0).responses.retrieve(id))).status).toBe(404);
  });
});

describe('a conversation', () => {
  test('goes on where it began, whichever target would be next', async () => {
    const client = clientOf(0);
    const first = await client.responses.create({ model: 'other', input: 'Hello' });
    for (let turn = 0; turn < 8; turn++) {
      const next = await client.responses.create({ model: 'both', input: 'Go on', previous_response_id: first.id });
      expect(next.id).toMatch(/^resp_two_/);
    }
    expect(one.upstream.received).toEqual([]);
  });

  test('does not go on with a model that is served elsewhere', async () => {
    const client = clientOf(0);
    const { id } = await client.responses.create({ model: 'other', input: 'Hello' });
    const going = client.responses.create({ model: 'first', input: 'Go on', previous_response_id: id });
    const error = await failure(going);
    expect([error.status, error.param]).toEqual([400, 'previous_response_id']);
    expect(error.message).toMatch(/made by second\/other-upstream.*Ask the model "other" again/);
  });

  test('does not fail over', async () => {
    const client = clientOf(0);
    const { id } = await client.responses.create({ model: 'other', input: 'Hello' });
    two.upstream.answer({ status: 503, headers: JSON_BODY, chunks: ['{"error":{"message":"Down."}}'] });
    const going = client.responses.create({ model: 'both', input: 'Go on', previous_response_id: id });
    expect((await failure(going)).status).toBe(503);
    expect(one.upstream.received).toEqual([]);
  });
});

describe('a reload', () => {
  test('keeps what is known, and says which target is gone', async () => {
    const client = clientOf(0);
    const kept = await client.responses.create({ model: 'first', input: 'Hello' });
    const gone = await client.responses.create({ model: 'other', input: 'Hello' });
    const { plugins } = gateway.gateway.kernel.config;
    const entries = plugins.map(({ plugin, id, options }) => ({
      use: plugin,
      id,
      with: options as Record<string, unknown>,
    }));
    await gateway.gateway.reload({
      plugins: entries,
      models: { first: { targets: [{ provider: 'openai', model: 'first-upstream' }] } },
    });
    expect((await client.responses.retrieve(kept.id)).id).toBe(kept.id);
    const error = await failure(client.responses.retrieve(gone.id));
    expect([error.status, error.code]).toEqual([503, 'GW_NO_TARGET']);
    expect(error.message).toMatch(/made by second\/other-upstream, which the configuration no longer has.*"other"/);
  });
});
