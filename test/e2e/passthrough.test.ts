/** Same dialect and no tap that wants the neutral form: the bytes pass through, as the very buffers that came. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bytesReply, type Attempt, type Reply, type ReplyBody, type ReplySink } from '@gatewright/core';
import { ResponseOutlet } from '../../core/src/http/response-outlet.ts';
import { endOfTurn } from '../../core/src/in-step.ts';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { cutBySeed, EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';
import { ANTHROPIC_FRAMES, OPENAI_FRAMES, OPENAI_HELLO, OPENAI_STREAM } from './wires.ts';

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

describe('the request', () => {
  test('goes out byte for byte, with only the model name patched in its place', async () => {
    running = await startGateway({ upstream: upstream.url });
    upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
    const body =
      '{ "temperature": 1.0,\n "x_unknown": [1e2],"model" :"gpt", "messages":[{"role":"user","content":"\\u0068i"}] }';
    await post(`${running.url}/v1/chat/completions`, body);
    expect(upstream.received[0]?.body.toString()).toBe(body.replace('"gpt"', '"gpt-upstream"'));
  });

  test('is the same buffer where nothing differs', async () => {
    const seen: Attempt[] = [];
    const bodies: (Buffer | undefined)[] = [];
    const provider = inlinePlugin('own', ({ hooks }) => {
      hooks.call.tap(
        async (attempt, exchange): Promise<Reply> => {
          seen.push(attempt);
          bodies.push(exchange.body?.bytes);
          return bytesReply(200, JSON_BODY, [Buffer.from(OPENAI_HELLO)]);
        },
        { operations: { chat: { dialect: 'openai-chat' } } },
      );
    });
    const config = { models: { same: { targets: ['own/same'] } } };
    running = await startGateway({ upstream: upstream.url, plugins: [provider], config });
    await post(`${running.url}/v1/chat/completions`, { model: 'same', messages: [{ role: 'user', content: 'hi' }] });
    expect(seen[0]?.body).toBe(bodies[0]);
    expect(bodies[0]).toBeInstanceOf(Buffer);
  });

  test('asks for usage in a stream, and takes what only the gateway asked for out of the reply again', async () => {
    running = await startGateway({ upstream: upstream.url });
    const withNull = OPENAI_FRAMES.map((frame) => frame.replace('"choices":[{', '"usage":null,"choices":[{'));
    upstream.answer({ headers: EVENT_STREAM, chunks: withNull });
    const request = { model: 'gpt', stream: true, messages: [{ role: 'user', content: 'hi' }] };
    const text = await (await post(`${running.url}/v1/chat/completions`, request)).text();
    expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toMatchObject({
      stream_options: { include_usage: true },
    });
    expect(text).toBe(OPENAI_FRAMES.filter((frame) => frame !== OPENAI_STREAM.usage).join(''));
    const { usage } = await running.record();
    expect(usage).toMatchObject({ input: 9, output: 2 });
  });

  test('that asks for usage itself gets it, untouched', async () => {
    running = await startGateway({ upstream: upstream.url });
    upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES });
    const body = '{"model":"gpt-x","stream":true,"stream_options":{"include_usage":true},"messages":[]}';
    const text = await (await post(`${running.url}/v1/chat/completions`, body.replace('gpt-x', 'gpt'))).text();
    expect(upstream.received[0]?.body.toString()).toBe(body.replace('gpt-x', 'gpt-upstream'));
    expect(text).toBe(OPENAI_FRAMES.join(''));
  });
});

/** What comes in one turn of the event loop goes on in one piece: here each chunk comes in a turn of its own. */
class OneATurn implements ReplyBody {
  readonly #chunks: readonly Buffer[];

  constructor(chunks: readonly Buffer[]) {
    this.#chunks = chunks;
  }

  pipe(sink: ReplySink): void {
    void this.#flow(sink);
  }
  pause(): void {}
  resume(): void {}
  cancel(): void {}

  async #flow(sink: ReplySink): Promise<void> {
    for (const chunk of this.#chunks) {
      sink.data(chunk);
      await endOfTurn();
    }
    sink.end();
  }
}

describe('the reply', () => {
  test.each([
    ['a stream', true, OPENAI_FRAMES.map((frame) => Buffer.from(frame))],
    ['a stream cut anywhere', true, cutBySeed(Buffer.from(OPENAI_FRAMES.join('')), 7)],
    ['a whole reply', false, [Buffer.from(OPENAI_HELLO)]],
    ['a whole reply in pieces', false, cutBySeed(Buffer.from(OPENAI_HELLO), 3)],
  ])('%s leaves in the buffers that it came in', async (_name, stream, chunks) => {
    const provider = inlinePlugin('own', ({ hooks }) => {
      const reply = stream
        ? { status: 200, headers: EVENT_STREAM, body: new OneATurn(chunks) }
        : bytesReply(200, JSON_BODY, chunks);
      hooks.call.tap(async () => reply, { operations: { chat: { dialect: 'openai-chat', streamUsage: false } } });
    });
    const config = { models: { same: { targets: ['own/same'] } } };
    running = await startGateway({ upstream: upstream.url, plugins: [provider], config });
    const passed: Buffer[] = [];
    const { write, whole } = ResponseOutlet.prototype;
    ResponseOutlet.prototype.write = function (pieces) {
      passed.push(...pieces);
      return write.call(this, pieces);
    };
    ResponseOutlet.prototype.whole = function (status, headers, pieces) {
      passed.push(...pieces);
      whole.call(this, status, headers, pieces);
    };
    try {
      const request = { model: 'same', stream, messages: [{ role: 'user', content: 'hi' }] };
      const text = await (await post(`${running.url}/v1/chat/completions`, request)).text();
      expect(text).toBe(Buffer.concat(chunks).toString());
    } finally {
      Object.assign(ResponseOutlet.prototype, { write, whole });
    }
    // Every byte that left stands in the memory of the chunk that it came in.
    const stores = new Set(chunks.map((chunk) => chunk.buffer));
    expect(passed.length).toBeGreaterThan(0);
    for (const piece of passed) expect(stores.has(piece.buffer)).toBe(true);
    const inside = (piece: Buffer): boolean =>
      chunks.some(
        (chunk) =>
          piece.byteOffset >= chunk.byteOffset &&
          piece.byteOffset + piece.length <= chunk.byteOffset + chunk.length &&
          piece.buffer === chunk.buffer,
      );
    expect(passed.every(inside)).toBe(true);
  });

  test('that comes whole in one turn leaves in one piece, and one that does not in chunks', async () => {
    const chunks = OPENAI_FRAMES.map((frame) => Buffer.from(frame));
    const bodies: ReplyBody[] = [bytesReply(200, {}, chunks).body, new OneATurn(chunks)];
    const provider = inlinePlugin('own', ({ hooks }) => {
      const reply = async (): Promise<Reply> => ({
        status: 200,
        headers: EVENT_STREAM,
        body: bodies.shift() as ReplyBody,
      });
      hooks.call.tap(reply, { operations: { chat: { dialect: 'openai-chat', streamUsage: false } } });
    });
    const config = { models: { same: { targets: ['own/same'] } } };
    running = await startGateway({ upstream: upstream.url, plugins: [provider], config });
    const request = { model: 'same', stream: true, messages: [{ role: 'user', content: 'hi' }] };
    const seen: unknown[] = [];
    for (let time = 0; time < 2; time++) {
      const response = await post(`${running.url}/v1/chat/completions`, request);
      expect(await response.text()).toBe(OPENAI_FRAMES.join(''));
      const { headers } = response;
      seen.push([headers.get('content-length'), headers.get('transfer-encoding'), headers.get('cache-control')]);
    }
    expect(seen).toEqual([
      [String(Buffer.concat(chunks).length), null, 'no-cache'],
      [null, 'chunked', 'no-cache'],
    ]);
  });

  test('of Anthropic passes byte for byte, pings and all', async () => {
    running = await startGateway({ upstream: upstream.url });
    upstream.answer({ headers: EVENT_STREAM, chunks: [': hello\n\n', ...ANTHROPIC_FRAMES] });
    const request = { model: 'claude', stream: true, max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] };
    const response = await post(`${running.url}/v1/messages`, request);
    expect(await response.text()).toBe([': hello\n\n', ...ANTHROPIC_FRAMES].join(''));
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  });

  test('reports the model that was asked for, where the configuration says so', async () => {
    const config = { reports: 'requested' as const };
    running = await startGateway({ upstream: upstream.url, config });
    upstream.answer({ headers: EVENT_STREAM, chunks: OPENAI_FRAMES });
    const request = { model: 'gpt', stream: true, messages: [{ role: 'user', content: 'hi' }] };
    const text = await (await post(`${running.url}/v1/chat/completions`, request)).text();
    expect(text).toContain('"model":"gpt"');
    expect(text).not.toContain('gpt-upstream');
    upstream.answer({ headers: JSON_BODY, chunks: [OPENAI_HELLO] });
    const whole = await (await post(`${running.url}/v1/chat/completions`, { ...request, stream: false })).json();
    expect(whole).toEqual({ ...(JSON.parse(OPENAI_HELLO) as object), model: 'gpt' });
  });

  test("carries the provider's own request id, and neither its cookies nor the limits of the key that all share", async () => {
    running = await startGateway({ upstream: upstream.url });
    const headers = {
      ...JSON_BODY,
      'x-ratelimit-remaining-requests': '99',
      'set-cookie': 'a=b',
      'x-request-id': 'req_up',
    };
    upstream.answer({ headers, chunks: [OPENAI_HELLO] });
    const request = { model: 'gpt', messages: [{ role: 'user', content: 'hi' }] };
    const response = await post(`${running.url}/v1/chat/completions`, request);
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBeNull();
    expect(response.headers.get('x-request-id')).toBe('req_up');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('x-gatewright-target')).toBe('openai/gpt-upstream');
  });
});
