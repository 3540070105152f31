/** Hedges and broken answers together: whoever won the race may break off, and others go on with what the client has. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { inlinePlugin, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream, type Answer } from './upstream.ts';
import { WatchedClock } from './watched-clock.ts';
import { ANTHROPIC_STREAM, OPENAI_STREAM, textChunk } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

const MODELS = {
  gpt: {
    targets: [
      { provider: 'openai', model: 'first', weight: 1_000_000 },
      { provider: 'openai', model: 'second' },
    ],
    fallbacks: ['claude'],
  },
  claude: { targets: ['anthropic/claude-sonnet-4-5'] },
};

const { role } = OPENAI_STREAM;
const { start: messageStart, block, blockStop, delta, stop, hello } = ANTHROPIC_STREAM;
const sse = (chunks: readonly string[], end: Answer['end'] = 'end'): Answer => ({ headers: EVENT_STREAM, chunks, end });
const silent: Answer = { end: 'never' };
const broken = sse([role, textChunk('One, '), textChunk('two')], 'reset');
const refusal: Answer = {
  status: 400,
  headers: JSON_BODY,
  chunks: ['{"type":"error","error":{"type":"invalid_request_error","message":"does not support prefill"}}'],
};
const anthropic = (text: string): Answer =>
  sse([messageStart, block, hello.replace('"Hello"', JSON.stringify(text)), blockStop, delta, stop]);

test("the target that refuses to go on with the winner's beginning is asked again, for all of it", async () => {
  const clock = new WatchedClock();
  const hedge = inlinePlugin('hedge', ({ hooks }) => {
    hooks.route.tap((route) => ({ ...route, hedge: { delay: 1000, most: 2 } }));
  });
  const settled: string[] = [];
  const meter = inlinePlugin('meter', ({ hooks }) => {
    hooks.meter.settle.tap(({ result }, { target }) => void settled.push(`${target.model} ${result}`));
  });
  running = await startGateway({
    upstream: upstream.url,
    config: { models: MODELS, retries: 0, rescue: 'resume', keepAlive: 'off' },
    clock,
    plugins: [hedge, meter],
    random: () => 0,
  });
  upstream.answer([silent, broken, refusal, anthropic('One, two, three.')]);
  const reply = fetch(`${running.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream: true }),
  });
  await waitFor(() => upstream.received[0]);
  clock.advance(1000);
  const text = await (await reply).text();
  const said = [...text.matchAll(/"content":"([^"]+)"/g)].map(([, piece]) => piece).join('');
  expect(said).toBe('One, two, three.');
  expect(text.match(/\[DONE\]/g)).toHaveLength(1);
  expect(text).not.toContain('"error"');
  const asked = upstream.received.map(
    ({ body }) => JSON.parse(body.toString()) as { model: string; messages: unknown[] },
  );
  // The second time without the beginning that it refused; the loser of the race is not asked again.
  expect(asked.map(({ model, messages }) => `${model} ${messages.length}`)).toEqual([
    'first 1',
    'second 1',
    'claude-sonnet-4-5 2',
    'claude-sonnet-4-5 1',
  ]);
  const { attempts, result } = await running.record();
  expect(result).toBe('success');
  const each = ['first hedged', 'second error', 'claude-sonnet-4-5 error', 'claude-sonnet-4-5 success'];
  expect(attempts.map((one) => `${one.model} ${one.result}`)).toEqual(each);
  expect(settled.toSorted()).toEqual(each.toSorted());
});
