/** A client that leaves in the turn in which its request came, or its answer, keeps nobody waiting and ends once. */
import { createConnection } from 'node:net';
import { setImmediate as turnOver } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Context } from 'koa';
import type { ReplyBody, ReplySink } from '@gatewright/core';
import { inlinePlugin, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { WatchedClock } from './watched-clock.ts';
import { OPENAI_HELLO } from './wires.ts';

const BODY = JSON.stringify({ model: 'given', messages: [{ role: 'user', content: 'hi' }] });
const HEADERS = { 'content-type': 'application/json', 'content-length': String(BODY.length) };

interface Seen {
  readonly steps: string[];
  /** The response of the request that is under way. */
  context: Context | undefined;
  sink: ReplySink | undefined;
}

let running: TestGateway;
let seen: Seen;

afterEach(() => running.close());

/** A gateway whose provider answers when the test says; `whileReading` runs in the turn in which a request comes. */
async function start(whileReading: (context: Context) => void = () => undefined): Promise<void> {
  const current: Seen = { steps: [], context: undefined, sink: undefined };
  seen = current;
  const body: ReplyBody = {
    pipe: (sink) => void (current.sink = sink),
    pause: () => undefined,
    resume: () => undefined,
    cancel: () => void current.steps.push('cancel'),
  };
  const giver = inlinePlugin('giver', ({ hooks, http }) => {
    http.use((context, next) => {
      current.context = context;
      const going = next();
      whileReading(context);
      return going;
    });
    const answer = async () => {
      current.steps.push('call');
      return { status: 200, headers: { 'content-type': 'application/json' }, body };
    };
    hooks.call.tap(answer, { operations: { chat: { dialect: 'openai-chat' } } });
    hooks.transform.response.tap('chat', (response) => {
      current.steps.push('transform');
      return response;
    });
    hooks.meter.settle.tap(({ result }) => void current.steps.push(`settle ${result}`));
  });
  const config = { models: { given: { targets: [{ provider: 'giver', model: 'one' }] } }, retries: 0 };
  // No time passes: who waits for a time limit waits for ever.
  running = await startGateway({ upstream: 'http://127.0.0.1:9', config, clock: new WatchedClock(), plugins: [giver] });
}

type Sender = (body: string) => void;

const overSocket: Sender = (body) => {
  const socket = createConnection(Number(new URL(running.url).port), '127.0.0.1').on('error', () => undefined);
  const head = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${head.join('')}\r\n${body}`);
};

const injected: Sender = (body) => {
  // Whoever left gets no answer.
  void running.gateway
    .inject({ method: 'POST', url: '/v1/chat/completions', headers: HEADERS, payload: body })
    .catch(() => undefined);
};

/** Breaks off from the client's side what came over a socket, and what did not. */
function leave({ req, res }: Context): void {
  (req.socket as Partial<typeof req.socket>).destroy?.();
  res.destroy();
}

/** Time in which whatever was to happen a second time would have. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await turnOver();
}

describe.each([
  ['over a socket', overSocket],
  ['by inject', injected],
] as const)('%s', (_how, send) => {
  test('who leaves before the turn of its request is over gets no answer', async () => {
    await start(leave);
    send(BODY);
    const record = await running.record();
    expect(record).toMatchObject({ result: 'client-gone', status: 499 });
    await someTurns();
    // A socket is closed at the very end of a turn: the provider may have been asked by then.
    const settled = record.attempts.map(({ result }) => `settle ${result}`);
    expect(settled.filter((one) => one !== 'settle client-gone')).toEqual([]);
    expect(seen.steps.filter((step) => step !== 'call' && step !== 'cancel')).toEqual(settled);
    expect(running.records).toHaveLength(1);
  });

  test('who leaves when its answer is all there, but the turn is not over, is billed for it once', async () => {
    await start();
    send(BODY);
    const sink = await waitFor(() => seen.sink);
    sink.data(Buffer.from(OPENAI_HELLO));
    sink.end();
    leave(seen.context as Context);
    const record = await running.record();
    expect(record.attempts).toMatchObject([{ result: 'success', usageComplete: true }]);
    await someTurns();
    expect(seen.steps).toEqual(['call', 'transform', 'settle success']);
    expect(running.records).toHaveLength(1);
  });

  test('who leaves a byte before the end of its answer is gone', async () => {
    await start();
    send(BODY);
    const sink = await waitFor(() => seen.sink);
    sink.data(Buffer.from(OPENAI_HELLO.slice(0, -1)));
    leave(seen.context as Context);
    expect(await running.record()).toMatchObject({ result: 'client-gone', attempts: [{ result: 'client-gone' }] });
    sink.data(Buffer.from(OPENAI_HELLO.slice(-1)));
    sink.end();
    await someTurns();
    expect(seen.steps).toEqual(['call', 'cancel', 'settle client-gone']);
    expect(running.records).toHaveLength(1);
  });
});

test('who leaves in the middle of a body that comes in pieces is gone at once, not when the time for bodies is up', async () => {
  await start();
  overSocket(BODY.slice(0, 10));
  const { req } = await waitFor(() => seen.context);
  await someTurns();
  req.socket.destroy();
  expect(await running.record()).toMatchObject({ result: 'client-gone', status: 499, attempts: [] });
});
