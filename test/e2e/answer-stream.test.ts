/** A stream that a plugin answers with is ended when its client leaves, or the gateway stops. */
import { request as httpRequest, type ClientRequest } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReplyBody, ReplySink } from '@gatewright/core';
import { inlinePlugin, startGateway, waitFor, type TestGateway } from './gateways.ts';
import { OPENAI_STREAM } from './wires.ts';

/** Says one word, and nothing more. */
class Unfinished implements ReplyBody {
  cancelled = false;
  piped = false;

  pipe(sink: ReplySink): void {
    this.piped = true;
    sink.data(Buffer.from(OPENAI_STREAM.role + OPENAI_STREAM.hello));
  }
  pause(): void {}
  resume(): void {}
  cancel(): void {
    this.cancelled = true;
  }
}

let running: TestGateway | undefined;
let answer: Unfinished;

beforeEach(async () => {
  answer = new Unfinished();
  const plugin = inlinePlugin('answers', ({ hooks }) => {
    const reply = { status: 200, headers: { 'content-type': 'text/event-stream' }, body: answer };
    hooks.call.answer.tap('chat', async () => reply);
  });
  const config = { drainTimeout: 10 };
  running = await startGateway({ upstream: 'http://127.0.0.1:9', plugins: [plugin], config });
});
afterEach(() => running?.close());

/** Of a stream, resolves when the first word is there. */
async function ask(stream = true): Promise<ClientRequest> {
  const headers = { 'content-type': 'application/json' };
  const request = httpRequest(`${running?.url}/v1/chat/completions`, { method: 'POST', headers, agent: false });
  request.on('error', () => undefined);
  const begun = new Promise<void>((resolve) =>
    request.on('response', (response) => response.on('error', () => undefined).once('data', () => resolve())),
  );
  request.end(JSON.stringify({ model: 'gpt', messages: [{ role: 'user', content: 'hi' }], stream }));
  if (stream) await begun;
  return request;
}

test('the client leaves', async () => {
  const request = await ask();
  request.destroy();
  expect(await running?.record()).toMatchObject({ result: 'client-gone', error: { code: 'GW_CLIENT_CLOSED' } });
  expect(answer.cancelled).toBe(true);
  expect(running?.gateway.active).toBe(0);
});

test('the client leaves before the answer is whole', async () => {
  const request = await ask(false);
  await waitFor(() => (answer.piped ? true : undefined));
  request.destroy();
  expect(await running?.record()).toMatchObject({ result: 'client-gone', error: { code: 'GW_CLIENT_CLOSED' } });
  expect(answer.cancelled).toBe(true);
});

test('the gateway stops', async () => {
  await ask();
  expect(await running?.gateway.close()).toBe(1);
  await waitFor(() => running?.records[0]);
  expect(running?.records).toMatchObject([{ result: 'error', error: { code: 'GW_SHUTTING_DOWN' } }]);
  expect(answer.cancelled).toBe(true);
});
