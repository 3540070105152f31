/** When the client leaves, the provider's call is cancelled at once, and the exchange ends once. */
import { request as httpRequest, type ClientRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, Upstream } from './upstream.ts';
import { OPENAI_STREAM } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;
const settled: string[] = [];

const counter = inlinePlugin('counter', ({ hooks }) => {
  hooks.meter.settle.tap((outcome) => void settled.push(outcome.result));
});

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  settled.length = 0;
});
afterAll(() => upstream.stop());

function ask(url: string, stream: boolean): ClientRequest {
  const request = httpRequest(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    agent: false,
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream }));
  return request;
}

/** Leaves, and answers how many milliseconds the provider's call lived on. */
async function leave(request: ClientRequest): Promise<number> {
  const started = performance.now();
  request.destroy();
  const aborted = await upstream.received[0]?.aborted;
  expect(aborted).toBe(true);
  return performance.now() - started;
}

async function expectOneEnd(gateway: TestGateway): Promise<void> {
  const record = await gateway.record();
  expect(record).toMatchObject({ result: 'client-gone', attempts: [{ result: 'client-gone' }] });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(gateway.records).toHaveLength(1);
  expect(settled).toEqual(['client-gone']);
}

const { role, hello, there } = OPENAI_STREAM;

describe('the client leaves', () => {
  test.each([
    ['before the head of a whole reply', false],
    ['before the head of a stream', true],
  ])('%s', async (_name, stream) => {
    running = await startGateway({ upstream: upstream.url, plugins: [counter] });
    upstream.answer({ end: 'never' });
    const request = ask(running.url, stream);
    await waitFor(() => upstream.received[0]);
    expect(await leave(request)).toBeLessThan(1000);
    await expectOneEnd(running);
  });

  test.each([
    ['between events', [role, hello]],
    ['in the middle of an event', [role, hello, there.slice(0, 30)]],
  ])('%s', async (_name, chunks) => {
    running = await startGateway({ upstream: upstream.url, plugins: [counter] });
    upstream.answer({ headers: EVENT_STREAM, chunks, end: 'hang' });
    const request = ask(running.url, true);
    await new Promise<void>((resolve) =>
      request.on('response', (response) => response.on('error', () => undefined).once('data', () => resolve())),
    );
    expect(await leave(request)).toBeLessThan(1000);
    await expectOneEnd(running);
  });

  test('while the gateway waits before a retry', async () => {
    running = await startGateway({
      upstream: upstream.url,
      plugins: [counter],
      config: { retries: 5 },
      random: () => 0.99,
    });
    upstream.answer({ status: 503, headers: { 'retry-after': '9' } });
    const request = ask(running.url, true);
    await waitFor(() => (settled.length > 0 ? true : undefined));
    request.destroy();
    expect(await running.record()).toMatchObject({ result: 'client-gone' });
    expect(upstream.received).toHaveLength(1);
  });

  test('before its own request was complete', async () => {
    running = await startGateway({ upstream: upstream.url, plugins: [counter] });
    upstream.answer({ end: 'never' });
    const request = httpRequest(`${running.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '1000' },
      agent: false,
    });
    request.on('error', () => undefined);
    request.write('{"model":');
    await new Promise((resolve) => setTimeout(resolve, 50));
    request.destroy();
    expect(await running.record()).toMatchObject({ result: 'client-gone', attempts: [] });
    expect(upstream.received).toHaveLength(0);
  });
});
