/** The client leaves, and the answer is read on to its usage, or is billed by estimate, as its target says. */
import { createServer, request as httpRequest, type ClientRequest, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import budgets from '@gatewright/budgets';
import { systemClock, type AttemptOutcome, type Clock, type GatewayConfig, type Plugin } from '@gatewright/core';
import prices from '@gatewright/prices';
import stateMemory from '@gatewright/state-memory';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { inlinePlugin, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY } from './upstream.ts';
import { ANTHROPIC_STREAM, OPENAI_HELLO, OPENAI_STREAM, textChunk } from './wires.ts';

let server: Server;
/** The answers of the provider, which the test writes. */
const answers: ServerResponse[] = [];
const outcomes: AttemptOutcome[] = [];
let running: TestGateway | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    answers.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const answer of answers) answer.destroy();
  await running?.close();
  running = undefined;
  outcomes.length = 0;
  answers.length = 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const meter = inlinePlugin('meter', ({ hooks }) => {
  hooks.meter.settle.tap((outcome) => void outcomes.push(outcome));
});

async function start(onClientGone: GatewayConfig['onClientGone'], clock: Clock = systemClock): Promise<TestGateway> {
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = onClientGone === undefined ? {} : { onClientGone };
  running = await startGateway({ upstream, plugins: [meter], config, clock });
  return running;
}

function ask({ url }: TestGateway, stream = true): ClientRequest {
  const headers = { 'content-type': 'application/json' };
  const request = httpRequest(`${url}/v1/chat/completions`, { method: 'POST', headers, agent: false });
  request.on('error', () => undefined);
  request.end(JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream }));
  return request;
}

/** A client that has its first words, and leaves. */
async function leaveInTheMiddle(gateway: TestGateway): Promise<ServerResponse> {
  const request = ask(gateway);
  const first = new Promise<void>((resolve) =>
    request.on('response', (response) => response.on('error', () => undefined).once('data', () => resolve())),
  );
  const answer = await waitFor(() => answers[0]);
  answer.writeHead(200, EVENT_STREAM);
  answer.write(OPENAI_STREAM.role + OPENAI_STREAM.hello);
  await first;
  request.destroy();
  return answer;
}

/** Time for what should not happen to happen. */
const turns = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 50));

const { there, stop, usage, done } = OPENAI_STREAM;

test('by default the call is cancelled, and what was produced is told', async () => {
  const gateway = await start(undefined);
  const answer = await leaveInTheMiddle(gateway);
  await new Promise((resolve) => answer.once('close', resolve));
  expect(await gateway.record()).toMatchObject({ result: 'client-gone', attempts: [{ result: 'client-gone' }] });
  expect(outcomes).toMatchObject([{ produced: 2, usageComplete: false }]);
});

test('drain reads the rest without the client, for the usage that comes last', async () => {
  const gateway = await start('drain');
  const answer = await leaveInTheMiddle(gateway);
  await turns();
  expect([answer.destroyed, gateway.records.length]).toEqual([false, 0]);
  answer.end(there + stop + usage + done);
  const record = await gateway.record();
  expect(record).toMatchObject({ result: 'client-gone', attempts: [{ result: 'success', usageComplete: true }] });
  expect(record.usage).toMatchObject({ input: 9, output: 2 });
  expect(outcomes).toHaveLength(1);
});

test('drain reads a whole answer as well', async () => {
  const gateway = await start('drain');
  const request = ask(gateway, false);
  const answer = await waitFor(() => answers[0]);
  request.destroy();
  await turns();
  expect(gateway.records).toEqual([]);
  answer.writeHead(200, JSON_BODY).end(OPENAI_HELLO);
  expect(await gateway.record()).toMatchObject({ result: 'client-gone', attempts: [{ result: 'success' }] });
  expect(outcomes).toMatchObject([{ usage: { input: 9, output: 2 }, usageComplete: true }]);
});

test('drain ends where the answer has as many tokens more as it may', async () => {
  const gateway = await start({ drain: { tokens: 5 } });
  const answer = await leaveInTheMiddle(gateway);
  await turns();
  for (let n = 0; n < 20 && !answer.destroyed; n++) {
    answer.write(textChunk('word '));
    await new Promise(setImmediate);
  }
  await new Promise((resolve) => (answer.destroyed ? resolve(undefined) : answer.once('close', resolve)));
  expect(await gateway.record()).toMatchObject({ attempts: [{ result: 'client-gone' }] });
  expect(outcomes[0]?.produced).toBeGreaterThanOrEqual(7);
  expect(outcomes[0]?.usageComplete).toBe(false);
});

/** A clock on which one delay ends when the test says so. */
class Held implements Clock {
  fire: (() => void) | undefined;
  readonly #delay: number;
  constructor(delay: number) {
    this.#delay = delay;
  }
  now = (): number => systemClock.now();
  monotonic = (): number => systemClock.monotonic();
  after(delay: number, task: () => void): () => void {
    if (delay !== this.#delay) return systemClock.after(delay, task);
    this.fire = task;
    return () => (this.fire = undefined);
  }
}

test('drain ends with its time', async () => {
  const clock = new Held(12_345);
  const gateway = await start({ drain: { time: 12_345 } }, clock);
  const answer = await leaveInTheMiddle(gateway);
  const fire = await waitFor(() => clock.fire);
  answer.write(there);
  await turns();
  expect([answer.destroyed, gateway.records.length]).toEqual([false, 0]);
  fire();
  await new Promise((resolve) => answer.once('close', resolve));
  expect(await gateway.record()).toMatchObject({ attempts: [{ result: 'client-gone' }] });
  expect(outcomes[0]).toMatchObject({ produced: 3 });
});

test('a gateway that stops does not wait for what nobody waits for', async () => {
  const gateway = await start('drain');
  const answer = await leaveInTheMiddle(gateway);
  await turns();
  const closed = new Promise((resolve) => answer.once('close', resolve));
  await gateway.close();
  await closed;
  running = undefined;
  expect(outcomes).toMatchObject([{ produced: 2 }]);
});

test('a failure behind the client is no reason to ask again', async () => {
  const gateway = await start('drain');
  const request = ask(gateway, false);
  const answer = await waitFor(() => answers[0]);
  request.destroy();
  await turns();
  answer.writeHead(500, JSON_BODY).end('{}');
  await gateway.record();
  expect(answers).toHaveLength(1);
});

test('where only a part of the usage was told, the output that was produced is added to it', async () => {
  const gateway = await start('cancel');
  const headers = { 'content-type': 'application/json' };
  const request = httpRequest(`${gateway.url}/v1/messages`, { method: 'POST', headers, agent: false });
  request.on('error', () => undefined);
  const messages = [{ role: 'user', content: 'hi' }];
  request.end(JSON.stringify({ model: 'claude', max_tokens: 100, stream: true, messages }));
  const first = new Promise<void>((resolve) =>
    request.on('response', (response) => response.on('error', () => undefined).once('data', () => resolve())),
  );
  const answer = await waitFor(() => answers[0]);
  answer.writeHead(200, EVENT_STREAM);
  const words = Array.from({ length: 20 }, () => ANTHROPIC_STREAM.hello);
  answer.write([ANTHROPIC_STREAM.start, ANTHROPIC_STREAM.block, ...words].join(''));
  await first;
  request.destroy();
  await gateway.record();
  expect(outcomes).toMatchObject([{ usageComplete: false, usage: { input: 9 } }]);
  expect(outcomes[0]?.usage?.output).toBeGreaterThanOrEqual(20);
});

test('estimate bills what a budget has reserved', async () => {
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plugins = [
    { use: prices as Plugin, with: { overrides: [{ model: 'gpt-upstream', input: '1', output: '2' }] } },
    { use: stateMemory as Plugin },
    { use: budgets as Plugin, with: { budgets: [{ per: 'global', limit: 10, window: 'total' }], maxOutput: 1000 } },
  ];
  const config = { onClientGone: 'estimate', plugins } as const;
  running = await startGateway({ upstream, plugins: [meter], config });
  const answer = await leaveInTheMiddle(running);
  await new Promise((resolve) => answer.once('close', resolve));
  await running.record();
  const [posting] = outcomes[0]?.postings ?? [];
  // A thousand tokens of output at 2,000 nano-dollars, and the bytes of the request.
  expect(posting?.actual).toBeGreaterThan(2_000_000n);
  expect(posting?.actual).toBe(posting?.held);
});

test('estimate cancels the call, and says that what was reserved is to be billed', async () => {
  const gateway = await start('estimate');
  const answer = await leaveInTheMiddle(gateway);
  await new Promise((resolve) => answer.once('close', resolve));
  await gateway.record();
  expect(outcomes).toMatchObject([{ result: 'client-gone', assumed: true }]);
});
