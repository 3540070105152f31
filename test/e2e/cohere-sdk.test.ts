/** Cohere's own SDK as the client, and recorded answers of Cohere behind the gateway. */
import { Cohere, type CohereError } from 'cohere-ai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  cohereClient,
  cohereGateway,
  CLIENT_KEY,
  DONE,
  frame,
  gather,
  recordedAnswer,
  recordedStream,
  UPSTREAM_KEY,
} from './cohere-stage.ts';
import type { TestGateway } from './gateways.ts';
import { RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let client: ReturnType<typeof cohereClient>;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await cohereGateway(upstream.url);
  client = cohereClient(gateway.url);
});
afterEach(() => upstream.answer({ status: 500 }));
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const ask = (content = 'hi'): Cohere.V2ChatRequest => ({ model: 'command', messages: [{ role: 'user', content }] });

describe.skipIf(!recordingsThere)(`recorded answers${RECORDINGS_ABSENCE}`, () => {
  test('text, and what the SDK sends for it', async () => {
    upstream.answer(recordedAnswer('cohere-text.json'));
    const answer = await client.chat({ ...ask(), temperature: 0.3, p: 0.75, k: 2, seed: 7, safetyMode: 'STRICT' });
    expect(answer).toMatchObject({
      finishReason: 'COMPLETE',
      message: { content: [{ type: 'text', text: 'The capital of France is Paris.' }] },
      usage: { billedUnits: { inputTokens: 12, outputTokens: 7 }, cachedTokens: 448 },
    });
    const [received] = upstream.received;
    expect([received?.method, received?.path]).toEqual(['POST', '/v2/chat']);
    expect(received?.headers['authorization']).toBe(`Bearer ${UPSTREAM_KEY}`);
    expect(JSON.stringify(received?.headers)).not.toContain(CLIENT_KEY);
    expect(JSON.parse(received?.body.toString() ?? '')).toEqual({
      ...ask(),
      model: 'command-upstream',
      stream: false,
      temperature: 0.3,
      p: 0.75,
      k: 2,
      seed: 7,
      safety_mode: 'STRICT',
    });
  });

  test('the usage of a chat is what was billed', async () => {
    const before = gateway.records.length;
    upstream.answer(recordedAnswer('cohere-text.json'));
    await client.chat(ask());
    const { usage } = await gateway.record(before);
    expect(usage).toMatchObject({ input: 12, output: 7, cacheRead: 0 });
  });

  test('citations, thinking, and calls with their plan', async () => {
    upstream.answer(recordedAnswer('cohere-citations.json'));
    const { message } = await client.chat({ ...ask(), documents: ['AI provides: 1. Automation of tasks'] });
    expect(message.citations?.map(({ text }) => text)).toEqual([
      'Automation of tasks',
      'Better decision-making',
      'Cost reduction',
    ]);
    upstream.answer(recordedAnswer('cohere-reasoning.json'));
    const thought = await client.chat({ ...ask(), thinking: { type: 'enabled', tokenBudget: 500 } });
    expect(thought.message.content?.map(({ type }) => type)).toEqual(['thinking', 'text']);
    upstream.answer(recordedAnswer('cohere-tool-call.json'));
    const called = await client.chat(ask());
    expect(called).toMatchObject({
      finishReason: 'TOOL_CALL',
      message: { toolPlan: expect.stringMatching(/^I will use/) as string },
    });
    expect(called.message.toolCalls?.map((call) => call.function?.name)).toEqual(['weather', 'cityAttractions']);
  });

  test('streams', async () => {
    upstream.answer(recordedStream('cohere-text.chunks.txt'));
    expect(await gather(await client.chatStream(ask()))).toMatchObject({
      text: 'The capital of France is Paris.',
      reason: 'COMPLETE',
      usage: { billedUnits: { outputTokens: 7 } },
    });
    upstream.answer(recordedStream('cohere-tool-call.chunks.txt'));
    const { calls, plan, reason } = await gather(await client.chatStream(ask()));
    expect([reason, plan]).toEqual(['TOOL_CALL', expect.stringContaining('weather')]);
    expect(calls.map(({ name, arguments: args }) => [name, JSON.parse(args)])).toEqual([
      ['weather', { location: 'San Francisco' }],
      ['cityAttractions', { city: 'San Francisco' }],
    ]);
    upstream.answer(recordedStream('cohere-reasoning.chunks.txt'));
    const { thought, text } = await gather(await client.chatStream(ask()));
    expect([thought.startsWith('The user is asking'), text]).toEqual([true, 'The answer to 2 + 2 is 4.']);
  });
});

const START = frame('{"type":"message-start","id":"1","delta":{"message":{"role":"assistant"}}}');
const HALF =
  frame('{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}') +
  frame('{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"The an"}}}}');
const failed = (reason: string): string =>
  frame(`{"type":"message-end","delta":{"finish_reason":"${reason}","error":"out of memory"}}`);

describe('what goes wrong', () => {
  test.each([
    ['is cut', '', /broke off/],
    ['ends with its mark and no reason', DONE, /broke off/],
    ['ends with an error', failed('ERROR') + DONE, /^out of memory$/],
    ['runs out of time', failed('TIMEOUT') + DONE, /^out of memory$/],
  ])('a stream that %s ends with a typed error, and never as if it were whole', async (_what, rest, message) => {
    const before = gateway.records.length;
    // The end comes after the client has seen content.
    upstream.answer({ headers: EVENT_STREAM, chunks: [START + HALF, rest].filter(Boolean), gap: 30 });
    const said = await gather(await client.chatStream(ask()));
    expect(said).toMatchObject({ text: 'The an', reason: 'ERROR', error: expect.stringMatching(message) as string });
    expect((await gateway.record(before)).result).toBe('error');
  });

  test.each(['ERROR', 'TIMEOUT'])('a whole answer with the reason %s is an error', async (reason) => {
    const body = { id: '1', message: { role: 'assistant', content: [] }, finish_reason: reason };
    upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify(body)] });
    await expect(client.chat(ask())).rejects.toMatchObject({ statusCode: reason === 'ERROR' ? 500 : 504 });
  });

  test.each([
    [400, 'too many tokens: total number of tokens in the prompt cannot exceed 4081', Cohere.BadRequestError],
    [401, 'invalid api token', Cohere.UnauthorizedError],
    [404, "model 'xyz' not found, make sure the correct model ID was used", Cohere.NotFoundError],
    [422, 'message must not be empty in a turn', Cohere.UnprocessableEntityError],
    [429, 'You are using a Trial key, which is limited to 40 API calls / minute.', Cohere.TooManyRequestsError],
    [498, 'deny-listed token', Cohere.InvalidTokenError],
    [503, 'try again', Cohere.ServiceUnavailableError],
  ])('an error with the status %i is the class that the SDK has for it', async (status, message, kind) => {
    upstream.answer({ status, headers: JSON_BODY, chunks: [JSON.stringify({ id: 'up-1', message })] });
    const failure = await client.chat(ask()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect((failure as CohereError).body).toMatchObject({ message, id: expect.any(String) as string });
  });

  test('what the gateway itself refuses has the same form', async () => {
    const unknown = await client.chat({ ...ask(), model: 'none' }).catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(Cohere.NotFoundError);
    expect((unknown as CohereError).body).toMatchObject({ message: expect.stringContaining('none') as string });
  });

  test('before the first word, another provider takes over', async () => {
    const completion = { choices: [{ index: 0, delta: { content: 'Hello.' } }] };
    const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    const openai = [completion, last].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('') + DONE;
    upstream.answer(({ path }) => ({
      headers: EVENT_STREAM,
      chunks: [path === '/v2/chat' ? START + failed('ERROR') : openai],
    }));
    const said = await gather(await client.chatStream({ ...ask(), model: 'either' }));
    expect(said).toMatchObject({ text: 'Hello.', reason: 'COMPLETE' });
    expect(upstream.received.map(({ path }) => path)).toEqual(['/v2/chat', '/v1/chat/completions']);
  });
});
