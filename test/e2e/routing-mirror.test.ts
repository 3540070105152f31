/** Mirrors in a whole gateway: copies with records of their own, which delay and fail nothing. */
import { afterEach, expect, test } from 'vitest';
import { waitFor } from './gateways.ts';
import { NARROW, RoutingStage, type StageOptions } from './routing-stage.ts';

let stage: RoutingStage | undefined;
afterEach(() => stage?.close());

async function start(mirrored: string, more: Partial<StageOptions> = {}): Promise<RoutingStage> {
  const models = {
    smart: { targets: ['a/dear'], with: { routing: { mirror: { model: 'candidate' } } } },
    candidate: { targets: [`b/${mirrored}`], with: { routing: { mirror: { model: 'smart' } } } },
  };
  stage = await RoutingStage.start({ models, ...more });
  return stage;
}

const all = (count: number): Promise<true> => waitFor(() => (stage?.records.length === count ? true : undefined));

test('the copy is an exchange of its own, with its own cost, and is not copied again', async () => {
  const { ask, records } = methods(await start('cheap'));
  const { status, body } = await ask();
  expect([status, body.model]).toEqual([200, 'dear']);
  await all(2);
  const [first, copy] = records();
  expect(first).toMatchObject({ model: 'smart', attempts: [{ target: 'a/dear' }] });
  expect(copy).toMatchObject({
    model: 'candidate',
    cause: 'mirror',
    parent: first?.id,
    status: 200,
    identity: { key: 'all' },
    attempts: [{ target: 'b/cheap', result: 'success' }],
  });
  expect(copy?.cost?.nanos).toBeGreaterThan(0n);
  expect(first?.cost?.nanos).not.toBe(copy?.cost?.nanos);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(records()).toHaveLength(2);
});

test('a stream is copied as a whole answer', async () => {
  const one = await start('cheap');
  await one.gateway.inject({
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { authorization: 'Bearer key-of-everybody-0123456789', 'content-type': 'application/json' },
    payload: JSON.stringify({ model: 'smart', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
  });
  await all(2);
  expect(one.records.map(({ stream, cause }) => [stream, cause])).toEqual([
    [true, undefined],
    [false, 'mirror'],
  ]);
});

test('other operations are copied as what they are', async () => {
  const one = await start('cheap');
  const { statusCode } = await one.gateway.inject({
    method: 'POST',
    url: '/v1/embeddings',
    headers: { authorization: 'Bearer key-of-everybody-0123456789', 'content-type': 'application/json' },
    payload: JSON.stringify({ model: 'smart', input: 'hi' }),
  });
  expect(statusCode).toBe(200);
  await all(2);
  expect(one.records[1]).toMatchObject({ operation: 'embeddings', cause: 'mirror', status: 200 });
});

test('a copy that fails is told in its own record, and nowhere else', async () => {
  const { ask, records } = methods(await start('error-500'));
  expect((await ask()).status).toBe(200);
  await all(2);
  expect(records().map(({ result }) => result)).toEqual(['success', 'error']);
});

test('a caller who may not use the model has no copies made of it', async () => {
  const { ask, records } = methods(await start('cheap'));
  expect((await ask({}, NARROW)).status).toBe(200);
  await all(2);
  expect(records()[1]).toMatchObject({ cause: 'mirror', attempts: [], error: { code: 'GW_FORBIDDEN' } });
});

test('what failed is not copied', async () => {
  const models = {
    smart: { targets: ['a/error-500'], with: { routing: { mirror: { model: 'candidate' } } } },
    candidate: { targets: ['b/cheap'] },
  };
  stage = await RoutingStage.start({ models });
  expect((await stage.ask()).status).toBe(500);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(stage.records).toHaveLength(1);
});

test('a copy that hangs keeps neither the client nor the end of the gateway waiting, and is settled', async () => {
  const one = await start('hang', { drainTimeout: '1h' });
  expect((await one.ask()).status).toBe(200);
  await waitFor(() => (one.gateway.kernel.active === 1 ? true : undefined));
  // The deadline is an hour away: only that nobody waits for the copy ends it.
  await one.close();
  expect(one.records[1]).toMatchObject({
    cause: 'mirror',
    error: { code: 'GW_SHUTTING_DOWN' },
    attempts: [{ result: 'shutdown' }],
  });
});

test('a reload ends the copies of the kernel that goes', async () => {
  const one = await start('hang', { drainTimeout: '1h' });
  await one.ask();
  await waitFor(() => (one.gateway.kernel.active === 1 ? true : undefined));
  await one.reload();
  expect((await one.ask()).status).toBe(200);
});

function methods(one: RoutingStage): Pick<RoutingStage, 'ask'> & { records: () => RoutingStage['records'] } {
  return { ask: one.ask.bind(one), records: () => one.records };
}
