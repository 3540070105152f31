/** A client that reads slowly from a fast provider holds the provider back, not the gateway's memory. */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { inlinePlugin, startGateway, type TestGateway } from './gateways.ts';
import type { ReplySink } from '@gatewright/core';
import { EVENT_STREAM, Upstream } from './upstream.ts';
import { OPENAI_STREAM, textChunk } from './wires.ts';

let upstream: Upstream;
let running: TestGateway | undefined;
let socket: Socket | undefined;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  socket?.destroy();
  await running?.close();
  running = undefined;
});
afterAll(() => upstream.stop());

/** Asks for a stream and reads no more than the first bytes. */
function askAndStall(url: string, model: string, path: string): Promise<Socket> {
  const body = JSON.stringify({ model, stream: true, max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] });
  return new Promise((resolve) => {
    const client = connect(Number(new URL(url).port), '127.0.0.1', () => {
      client.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
    client.once('data', () => {
      client.pause();
      resolve(client);
    });
    client.on('error', () => undefined);
  });
}

const PIECE = Buffer.from(textChunk('x'.repeat(4000)));
const PIECES = 50_000;

test.each([
  ['bytes that pass through', '/v1/chat/completions'],
  ['bytes that are translated', '/v1/messages'],
])('%s: what the provider may send is bounded', async (_name, path) => {
  let produced = 0;
  let paused = false;
  let sink: ReplySink | undefined;
  /** As fast as a provider can be: it sends whenever it is not paused. */
  const flow = (): void => {
    for (let burst = 0; burst < 16 && !paused && produced < PIECES; burst++) {
      produced++;
      sink?.data(PIECE);
    }
    if (!paused && produced < PIECES) setImmediate(flow);
  };
  const provider = inlinePlugin('fast', ({ hooks }) => {
    hooks.call.tap(
      async () => ({
        status: 200,
        headers: EVENT_STREAM,
        body: {
          pipe(into: ReplySink) {
            sink = into;
            into.data(Buffer.from(OPENAI_STREAM.role));
            setImmediate(flow);
          },
          pause: () => {
            paused = true;
          },
          resume: () => {
            paused = false;
            setImmediate(flow);
          },
          cancel: () => {
            paused = true;
            produced = PIECES;
          },
        },
      }),
      { operations: { chat: { dialect: 'openai-chat' } } },
    );
  });
  running = await startGateway({
    upstream: upstream.url,
    plugins: [provider],
    config: { models: { fast: { targets: ['fast/x'] } } },
  });
  socket = await askAndStall(running.url, 'fast', path);
  // What fits into the buffers of sockets may have left; the other 190 MB wait at the provider.
  let last = -1;
  const stands = (): boolean => paused && last === (last = produced);
  await expect.poll(stands, { interval: 100, timeout: 15_000 }).toBe(true);
  expect(produced).toBeLessThan(PIECES / 10);
  const before = produced;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(produced).toBe(before);
  // Reading on lets it go on.
  socket.resume();
  await expect.poll(() => produced).toBeGreaterThan(before);
});

test('the connection to the provider is held back too', async () => {
  const chunks = Array.from({ length: 20_000 }, () => PIECE);
  upstream.answer({ headers: EVENT_STREAM, chunks: [OPENAI_STREAM.role, ...chunks] });
  running = await startGateway({ upstream: upstream.url });
  const before = process.memoryUsage().rss;
  socket = await askAndStall(running.url, 'gpt', '/v1/chat/completions');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
});
