/** A gateway takes on as much as it may, and sends the rest away in time: by tenant in turns, streams included. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Answer } from './upstream.ts';
import { WatchedClock } from './watched-clock.ts';
import { OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;
let clock: WatchedClock;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const whole: Answer = { headers: JSON_BODY, chunks: [OPENAI_HELLO] };
const hanging: Answer = { headers: EVENT_STREAM, chunks: [OPENAI_STREAM.hello], end: 'hang' };

/** Everybody is who they say. */
const names = inlinePlugin('names', ({ hooks }) => {
  hooks.auth.tap((exchange) => ({ key: String(exchange.headers['x-name'] ?? 'nobody') }));
});

async function start(config: object): Promise<string> {
  clock = new WatchedClock();
  running = await startGateway({ upstream: upstream.url, config, clock, plugins: [names] });
  return running.url;
}

function ask(url: string, name: string, signal?: AbortSignal, stream = true): Promise<Response> {
  const body = JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: name }], stream });
  const headers = { 'content-type': 'application/json', 'x-name': name };
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body, ...(signal && { signal }) });
}

const askedBy = (): string[] =>
  upstream.received.map(
    ({ body }) => (JSON.parse(body.toString()) as { messages: [{ content: string }] }).messages[0].content,
  );
const load = () => running?.gateway.kernel.host.traffic.load;
const waiting = (count: number): Promise<unknown> => waitFor(() => (load()?.waiting === count ? true : undefined));

/** A stream that holds its place until it is left. */
async function holdPlace(url: string): Promise<AbortController> {
  const leaver = new AbortController();
  const response = await ask(url, 'holder', leaver.signal);
  expect(response.status).toBe(200);
  return leaver;
}

describe('the gateway', () => {
  test('lets requests wait for a stream that goes on, tenants in turns, and sends away what is too much', async () => {
    const url = await start({ load: { concurrency: 1, queue: 3, wait: '10s' } });
    upstream.answer((_request, index) => (index === 0 ? hanging : whole));
    const holder = await holdPlace(url);
    const replies: Promise<Response>[] = [];
    for (const name of ['ann', 'ann', 'bob']) {
      replies.push(ask(url, name, undefined, false));
      await waiting(replies.length);
    }
    replies.push(ask(url, 'cid', undefined, false));
    // One of the two that wait for the same tenant gives way to one who has none waiting.
    await waitFor(() => (load()?.shed === 1 ? true : undefined));
    holder.abort();
    const statuses = (await Promise.all(replies)).map((reply) => reply.status);
    expect(statuses.filter((status) => status === 503)).toHaveLength(1);
    expect(askedBy().slice(1)).toEqual(['ann', 'bob', 'cid']);
    await waitFor(() => (load()?.running === 0 ? true : undefined));
    expect(load()).toMatchObject({ running: 0, waiting: 0, shed: 1 });
  });

  test('says 503 with a time to come again, to whom it sends away and to whom it lets wait too long', async () => {
    const url = await start({ load: { concurrency: 1, queue: 1, wait: '5s' } });
    upstream.answer(hanging);
    const holder = await holdPlace(url);
    const patient = ask(url, 'ann');
    await waiting(1);
    const refused = await ask(url, 'bob');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ error: { code: 'GW_OVERLOADED' } });
    clock.advance(5000);
    expect((await patient).status).toBe(503);
    holder.abort();
  });

  test('forgets who leaves while waiting, and ends who waits when it stops', async () => {
    const url = await start({ load: { concurrency: 1, queue: 5, wait: '1h' } });
    upstream.answer(hanging);
    await holdPlace(url);
    const leaver = new AbortController();
    const left = ask(url, 'ann', leaver.signal).catch(() => 'left');
    const stays = ask(url, 'bob').catch(() => 'broken off');
    await waiting(2);
    leaver.abort();
    expect(await left).toBe('left');
    await waiting(1);
    const closed = running?.gateway.close();
    await clock.awaited(30_000);
    clock.advance(30_000);
    const end = await stays;
    if (typeof end !== 'string') expect(end.status).toBe(503);
    expect(upstream.received).toHaveLength(1);
    await closed;
  });

  test('sends requests away at once while its loop is late, and takes them again when it is not', async () => {
    const url = await start({ load: { lag: '200ms' } });
    upstream.answer([hanging, whole, whole]);
    const holder = await holdPlace(url);
    clock.advance(100);
    expect((await ask(url, 'ann', undefined, false)).status).toBe(200);
    // The loop is blocked: what was due in the meantime comes late.
    const late = clock.waiting;
    expect(late).toBeGreaterThan(0);
    clock.late(1000);
    const refused = await ask(url, 'bob', undefined, false);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain('has too much to do');
    clock.advance(100);
    expect((await ask(url, 'bob', undefined, false)).status).toBe(200);
    holder.abort();
  });
});

describe('a target', () => {
  test('with no place left makes way for the next one; the last one says 503', async () => {
    const models = {
      gpt: { targets: [{ provider: 'openai', model: 'first', concurrency: 1 }], fallbacks: ['second'] },
      second: { targets: [{ provider: 'openai', model: 'second', concurrency: 1 }] },
    };
    const url = await start({ models, retries: 3 });
    upstream.answer(hanging);
    const leavers = [await holdPlace(url), await holdPlace(url)];
    const models2 = upstream.received.map(({ body }) => (JSON.parse(body.toString()) as { model: string }).model);
    expect(models2).toEqual(['first', 'second']);
    const reply = await ask(url, 'ann');
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({ error: { code: 'GW_OVERLOADED' } });
    expect(load()?.targets.map(({ target }) => target)).toEqual(['openai/first', 'openai/second']);
    for (const leaver of leavers) leaver.abort();
    await waitFor(() => (load()?.targets.length === 0 ? true : undefined));
  });

  test('lets as many calls wait as it may, and gives the place on', async () => {
    const models = { gpt: { targets: [{ provider: 'openai', model: 'first', concurrency: 1, queue: 1 }] } };
    const url = await start({ models });
    upstream.answer([hanging, whole]);
    const holder = await holdPlace(url);
    const next = ask(url, 'ann', undefined, false);
    await waitFor(() => (load()?.targets[0]?.waiting === 1 ? true : undefined));
    expect((await ask(url, 'bob', undefined, false)).status).toBe(503);
    holder.abort();
    expect((await next).status).toBe(200);
    expect(load()?.shedByTargets).toBe(1);
  });
});

test('nothing is counted where nothing is bounded', async () => {
  const url = await start({});
  upstream.answer(whole);
  await post(`${url}/v1/chat/completions`, { model: 'gpt', messages: [{ role: 'user', content: 'hi' }] });
  expect(load()).toEqual({ running: 0, waiting: 0, shed: 0, targets: [], shedByTargets: 0 });
});
