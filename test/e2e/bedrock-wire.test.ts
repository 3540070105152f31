/** Bedrock's wire as it is: bytes that pass through, however they are cut, and every way that a stream can go wrong. */
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bedrockGateway, CLIENT_KEY, UPSTREAM_MODEL } from './bedrock-stage.ts';
import { inlinePlugin, post, type TestGateway } from './gateways.ts';
import { byteByByte, cutBySeed, JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

/** Makes all text of a stream capital where the client asks for it in a header. */
const shouting = inlinePlugin('shouting', ({ hooks }) => {
  hooks.transform.event.tap('chat', (exchange) => ({
    event: (event) => {
      if (exchange.headers['x-shout'] === undefined || event.type !== 'part-delta' || event.delta.kind !== 'text') {
        return [event];
      }
      return [{ ...event, delta: { kind: 'text', text: event.delta.text.toUpperCase() } }];
    },
    end: () => [],
  }));
});

let shouter: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await bedrockGateway(upstream.url);
  shouter = await bedrockGateway(upstream.url, [shouting]);
});

afterEach(() => upstream.answer({ status: 500 }));

afterAll(async () => {
  await gateway.close();
  await shouter.close();
  await upstream.stop();
});

const BODY = '{ "messages" : [{"role":"user","content":[{"text":"hi"}]}], "made_up": {"x": 1.0} }';

function ask(call: string, body: unknown = BODY, headers = {}, to = gateway, model = 'rock'): Promise<Response> {
  return post(`${to.url}/model/${encodeURIComponent(model)}/${call}`, body, {
    authorization: `Bearer ${CLIENT_KEY}`,
    ...headers,
  });
}

const aws = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

function message(type: string, payload: unknown, kind = 'event'): Buffer {
  const header = (value: string) => ({ type: 'string' as const, value });
  const headers = { [`:${kind}-type`]: header(type), ':message-type': header(kind) };
  return Buffer.from(aws.encode({ headers, body: Buffer.from(JSON.stringify(payload)) }));
}

/** The messages of a reply: what AWS's own codec reads, as `type payload`. */
async function messagesOf(reply: Response): Promise<string[]> {
  const bytes = Buffer.from(await reply.arrayBuffer());
  const messages: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const { headers, body } = aws.decode(new Uint8Array(bytes.subarray(at, at + length)));
    const type = headers[':event-type'] ?? headers[':exception-type'];
    messages.push(`${String(type?.value)} ${Buffer.from(body).toString()}`);
    at += length;
  }
  return messages;
}

const START = message('messageStart', { role: 'assistant', p: 'abc' });
const TEXT = message('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'größer' }, p: 'abcd' });
const BLOCK_STOP = message('contentBlockStop', { contentBlockIndex: 0, p: 'ab' });
const STOP = message('messageStop', { stopReason: 'end_turn' });
const METADATA = message('metadata', {
  usage: { inputTokens: 2, outputTokens: 3, totalTokens: 5, cacheReadInputTokens: 7 },
  metrics: { latencyMs: 12 },
});
const STREAM = Buffer.concat([START, TEXT, BLOCK_STOP, STOP, METADATA]);
const EVENTS = { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': 'aws-1' };

describe('the same dialect on both sides', () => {
  test('passes the bytes of request and answer', async () => {
    const answer = '{ "output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},"stopReason":"end_turn" }\n';
    upstream.answer({ headers: { ...JSON_BODY, 'x-amzn-requestid': 'aws-1' }, chunks: [answer] });
    const reply = await ask('converse');
    expect([await reply.text(), reply.headers.get('x-amzn-requestid')]).toEqual([answer, 'aws-1']);
    const [received] = upstream.received;
    expect(received?.path).toBe(`/model/${encodeURIComponent(UPSTREAM_MODEL)}/converse`);
    expect(received?.body.toString()).toBe(BODY);
    expect(received?.headers['authorization']).toBe('Bearer upstream-bedrock-key');
    expect(JSON.stringify(received?.headers)).not.toContain(CLIENT_KEY);
  });

  test.each([
    ['whole', [STREAM]],
    ['byte by byte', byteByByte(STREAM)],
    ['anywhere', cutBySeed(STREAM, 11)],
  ])('passes the bytes of a stream that comes %s, and counts its usage', async (_how, chunks) => {
    const before = gateway.records.length;
    upstream.answer({ headers: EVENTS, chunks });
    const reply = await ask('converse-stream');
    expect(reply.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(STREAM);
    expect(upstream.received[0]?.headers['accept']).toBe('application/vnd.amazon.eventstream');
    const { usage } = await gateway.record(before);
    expect(usage).toMatchObject({ input: 2, output: 3, cacheRead: 7 });
  });

  test('a tap that changes nothing lets the bytes be, one that does gets all behind it written anew', async () => {
    upstream.answer({ headers: EVENTS, chunks: cutBySeed(STREAM, 5) });
    expect(Buffer.from(await (await ask('converse-stream', BODY, {}, shouter)).arrayBuffer())).toEqual(STREAM);
    const changed = await messagesOf(await ask('converse-stream', BODY, { 'x-shout': '1' }, shouter));
    expect(changed).toEqual([
      'messageStart {"role":"assistant","p":"abc"}',
      'contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"GRÖSSER"}}',
      'contentBlockStop {"contentBlockIndex":0}',
      'messageStop {"stopReason":"end_turn"}',
      METADATA_TEXT,
    ]);
  });
});

const METADATA_TEXT =
  'metadata {"usage":{"inputTokens":2,"outputTokens":3,"totalTokens":5,"cacheReadInputTokens":7},"metrics":{"latencyMs":12}}';

/** The stream with one bit of this message turned over. */
function damaged(part: Buffer): Buffer[] {
  const broken = Buffer.from(part);
  broken[part.length - 10] = (broken[part.length - 10] as number) ^ 1;
  return [START, TEXT, BLOCK_STOP, STOP, METADATA].map((piece) => (piece === part ? broken : piece));
}

describe('a stream that goes wrong', () => {
  test.each([
    ['a damaged message', damaged(BLOCK_STOP), 'end'],
    ['an end before its time', [START, TEXT], 'end'],
    ['half a message', [START, TEXT, BLOCK_STOP.subarray(0, 9)], 'end'],
    ['a connection that breaks', [START, TEXT], 'reset'],
  ] as const)('after the content, by %s, ends with one exception', async (_how, chunks, end) => {
    upstream.answer({ headers: EVENTS, chunks, end, gap: 5 });
    const messages = await messagesOf(await ask('converse-stream'));
    expect(messages.filter((text) => /^\w+Exception /.test(text))).toHaveLength(1);
    expect(messages.at(-1)).toMatch(/^modelStreamErrorException \{"message":".+"originalStatusCode":502/);
    expect(messages.join('\n')).not.toContain('messageStop');
  });

  test.each([
    ['a damaged message', damaged(START), 502, 'InternalServerException'],
    ['an end before its time', [START], 502, 'InternalServerException'],
    [
      'an exception',
      [START, message('throttlingException', { message: 'Slow.' }, 'exception')],
      429,
      'ThrottlingException',
    ],
  ])('before the content, by %s, is an error with its own status', async (_how, chunks, status, type) => {
    upstream.answer({ headers: EVENTS, chunks, gap: 5 });
    const reply = await ask('converse-stream');
    expect([reply.status, await reply.json()]).toEqual([
      status,
      { __type: type, message: expect.any(String) as string },
    ]);
  });

  test('by an exception after the content, ends with that exception', async () => {
    const exception = message('serviceUnavailableException', { message: 'Gone.' }, 'exception');
    upstream.answer({ headers: EVENTS, chunks: [START, TEXT, exception], gap: 5 });
    const messages = await messagesOf(await ask('converse-stream'));
    expect(messages.slice(2)).toEqual(['serviceUnavailableException {"message":"Gone."}']);
  });

  test('only behind its stop, has lost nothing but its usage', async () => {
    upstream.answer({ headers: EVENTS, chunks: [START, TEXT, BLOCK_STOP, STOP, METADATA.subarray(0, 20)], gap: 5 });
    const messages = await messagesOf(await ask('converse-stream'));
    expect(messages.at(-1)).toBe('messageStop {"stopReason":"end_turn"}');
  });

  test('before the content, lets another target answer', async () => {
    const chunks = [START, TEXT, BLOCK_STOP, STOP, METADATA];
    upstream.answer((_request, index) => ({ headers: EVENTS, chunks: index === 0 ? damaged(START) : chunks, gap: 2 }));
    const reply = await ask('converse-stream', BODY, {}, gateway, 'either');
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(STREAM);
    expect(upstream.received.map(({ path }) => path.split('/')[2])).toEqual(['first', 'second']);
  });
});

describe('errors', () => {
  test.each(['%zz', '..%2F..%2Fadmin', 'rock%3Fx', '%00'])(
    'no model is called %s, and nothing is sent',
    async (segment) => {
      const key = { authorization: `Bearer ${CLIENT_KEY}` };
      const reply = await post(`${gateway.url}/model/${segment}/converse`, BODY, key);
      expect([reply.status, upstream.received]).toEqual([404, []]);
    },
  );

  test("the provider's exception stands in a header, and comes out in the body", async () => {
    const headers = { ...JSON_BODY, 'x-amzn-errortype': 'ModelNotReadyException:http://x' };
    upstream.answer({ status: 429, headers, chunks: ['{"message":"Wait."}'] });
    const reply = await ask('converse');
    expect([reply.status, await reply.json()]).toEqual([429, { __type: 'ModelNotReadyException', message: 'Wait.' }]);
    const body = { model: 'rock', messages: [{ role: 'user', content: 'hi' }] };
    const key = { authorization: `Bearer ${CLIENT_KEY}` };
    const foreign = await post(`${gateway.url}/v1/chat/completions`, body, key);
    expect([foreign.status, await foreign.text()]).toEqual([429, expect.stringContaining('Wait.')]);
  });

  test('a signature is no key; a key beside it is one', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: ['{"output":{"message":{"role":"assistant","content":[]}}}'] });
    const client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: gateway.url,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 1,
    });
    const command = new ConverseCommand({ modelId: 'rock', messages: [] });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('No API key') as string,
    });
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-api-key'] = CLIENT_KEY;
        return next(args);
      },
      { step: 'build' },
    );
    expect((await client.send(command)).output?.message?.role).toBe('assistant');
    client.destroy();
  });
});
