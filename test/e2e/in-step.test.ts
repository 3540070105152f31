/** What came in a turn of the event loop counts, also where the turn ends the answer: time is up, another was faster, the client left. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AttemptOutcome, Hedge, ReplyBody, ReplySink } from '@gatewright/core';
import { inlinePlugin, post, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { WatchedClock } from './watched-clock.ts';
import { ANTHROPIC_STREAM, OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

const TOTAL = 60_000;

/** An answer that the test gives, when it wants to. */
class Given implements ReplyBody {
  sink: ReplySink | undefined;
  cancelled = false;

  pipe(sink: ReplySink): void {
    this.sink = sink;
  }
  pause(): void {}
  resume(): void {}
  cancel(): void {
    this.cancelled = true;
  }

  say(...pieces: string[]): void {
    for (const piece of pieces) this.sink?.data(Buffer.from(piece));
  }
  end(...pieces: string[]): void {
    this.say(...pieces);
    this.sink?.end();
  }
}

let running: TestGateway;
let clock: WatchedClock;
let given: Given[];
let settled: AttemptOutcome[];

beforeEach(() => {
  given = [];
  settled = [];
  clock = new WatchedClock();
});
afterEach(() => running.close());

async function start(contentType: string, dialect = 'openai-chat', hedge?: Hedge): Promise<string> {
  const giver = inlinePlugin('giver', ({ hooks }) => {
    const answer = async () => {
      const body = new Given();
      given.push(body);
      return { status: 200, headers: { 'content-type': contentType }, body };
    };
    hooks.call.tap(answer, { operations: { chat: { dialect } } });
    if (hedge !== undefined) hooks.route.tap((route) => ({ ...route, hedge }));
    hooks.meter.settle.tap((outcome) => void settled.push(outcome));
  });
  const target = { provider: 'giver', timeouts: { total: TOTAL } };
  const models = {
    given: {
      targets: [
        { ...target, model: 'one' },
        { ...target, model: 'two' },
      ],
    },
  };
  const config = { models, retries: 0, keepAlive: 'off' } as const;
  running = await startGateway({ upstream: 'http://127.0.0.1:9', config, clock, plugins: [giver], random: () => 0 });
  return running.url;
}

const body = (stream: boolean) => ({
  model: 'given',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'hi' }],
  stream,
});

/** The answer of this index, once the gateway reads it. */
const read = (index = 0): Promise<Given> =>
  waitFor(() => (given[index]?.sink === undefined ? undefined : given[index]));

test('a whole answer whose last byte comes in the turn in which its time is up is the client’s', async () => {
  const url = await start('application/json');
  const reply = post(`${url}/v1/chat/completions`, body(false));
  const answer = await read();
  answer.end(OPENAI_HELLO);
  clock.advance(TOTAL);
  expect((await reply).status).toBe(200);
  expect(settled).toMatchObject([{ result: 'success', usageComplete: true }]);
});

test('a stream whose last byte comes in the turn in which its time is up is whole', async () => {
  const url = await start('text/event-stream');
  const reply = post(`${url}/v1/chat/completions`, body(true));
  const answer = await read();
  const { role, hello, there, stop, usage, done } = OPENAI_STREAM;
  answer.say(role, hello);
  const response = await reply;
  answer.end(there, stop, usage, done);
  clock.advance(TOTAL);
  expect(await response.text()).toMatch(/ there.*\[DONE\]/s);
  await running.record();
  expect(settled).toMatchObject([{ result: 'success', usageComplete: true, usage: { input: 9, output: 2 } }]);
});

test('what comes of a stream in the turn in which it is broken off reaches the client, and is paid for', async () => {
  const url = await start('text/event-stream');
  const reply = post(`${url}/v1/chat/completions`, body(true));
  const answer = await read();
  const { role, hello, there } = OPENAI_STREAM;
  answer.say(role, hello);
  const response = await reply;
  answer.say(...Array.from({ length: 20 }, () => there));
  clock.advance(TOTAL);
  expect((await response.text()).split(' there')).toHaveLength(21);
  expect(answer.cancelled).toBe(true);
  await running.record();
  expect(settled).toMatchObject([{ result: 'timeout', usageComplete: false }]);
  expect(settled[0]?.produced).toBeGreaterThan(20);
});

test('of two streams that begin in one turn, the one that is not taken is paid for what it said, not for what it began with', async () => {
  const url = await start('text/event-stream', 'anthropic-messages', { delay: 0, most: 2 });
  const reply = post(`${url}/v1/messages`, body(true));
  const second = await waitFor(() => {
    clock.advance(0);
    return given[0]?.sink !== undefined && given[1]?.sink !== undefined ? given[1] : undefined;
  });
  const [first] = given;
  const { start: head, hello, there, ...rest } = ANTHROPIC_STREAM;
  first?.end(...Object.values(ANTHROPIC_STREAM));
  second.say(head, rest.block, hello, ...Array.from({ length: 20 }, () => there));
  expect(await (await reply).text()).toContain('message_stop');
  await running.record();
  expect(settled.map(({ result }) => result).toSorted()).toEqual(['hedged', 'success']);
  const loser = settled.find(({ result }) => result === 'hedged');
  expect(loser?.usageComplete).toBe(false);
  expect(loser?.usage?.output).toBeGreaterThan(20);
});
