/** Gemini's wire as it is: bytes that pass through, arrays, oddities, and what goes wrong. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { geminiGateway } from './gemini-stage.ts';
import { post, type TestGateway } from './gateways.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await geminiGateway(upstream.url);
});

afterEach(() => upstream.answer({ status: 500 }));

afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const ask = (method: string, body: unknown = { contents: [{ parts: [{ text: 'hi' }] }] }, model = 'gem') =>
  post(`${gateway.url}/v1beta/models/${model}:${method}`, body, { 'x-goog-api-key': 'client-key' });

const chunk = (text: string, more = '') =>
  `{"candidates": [{"content": {"parts": [{"text": "${text}"}],"role": "model"}${more},"index": 0}],"usageMetadata": {"promptTokenCount": 2,"candidatesTokenCount": 3,"totalTokenCount": 5},"modelVersion": "gemini-real","responseId": "r1"}`;
const LAST = chunk('b', ',"finishReason": "STOP"');
const STREAM = `data: ${chunk('a')}\r\n\r\ndata: ${LAST}\r\n\r\n`;

describe('the same dialect on both sides', () => {
  test('passes the bytes of request and answer', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: [`  ${LAST}\n`] });
    const body = '{ "contents" : [{"parts":{"text":"hi"}}], "made_up": {"x": 1.0} }';
    const reply = await ask('generateContent', body);
    expect(await reply.text()).toBe(`  ${LAST}\n`);
    const [received] = upstream.received;
    expect(received?.path).toBe('/v1beta/models/gemini-upstream:generateContent');
    expect(received?.body.toString()).toBe(body);
    expect(received?.headers['x-goog-api-key']).toBe('upstream-gemini-key');
    expect(JSON.stringify(received?.headers)).not.toContain('client-key');
  });

  test('passes the bytes of a stream, CRLF and all, and counts its usage', async () => {
    const before = gateway.records.length;
    upstream.answer({ headers: EVENT_STREAM, chunks: [STREAM.slice(0, 50), STREAM.slice(50)] });
    const reply = await ask('streamGenerateContent?alt=sse');
    expect(reply.headers.get('content-type')).toContain('text/event-stream');
    expect(await reply.text()).toBe(STREAM);
    expect(upstream.received[0]?.path).toBe('/v1beta/models/gemini-upstream:streamGenerateContent?alt=sse');
    const record = await gateway.record(before);
    expect(record).toMatchObject({ model: 'gem' });
    expect(JSON.stringify(record)).toContain('"output":3');
  });

  test('a last chunk without its blank line is given one', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: [STREAM.slice(0, -4)] });
    const reply = await ask('streamGenerateContent?alt=sse');
    expect(await reply.text()).toBe(`${STREAM.slice(0, -4)}\n\n`);
  });

  test('a model named in the body of a count becomes that of the target', async () => {
    upstream.answer({ headers: JSON_BODY, chunks: ['{"totalTokens": 31, "promptTokensDetails": []}'] });
    const request = { contents: [{ parts: [{ text: 'hi' }] }] };
    const reply = await ask('countTokens', { generateContentRequest: { model: 'models/gem', ...request } });
    expect(await reply.json()).toEqual({ totalTokens: 31, promptTokensDetails: [] });
    expect(upstream.received[0]?.path).toBe('/v1beta/models/gemini-upstream:countTokens');
    expect(JSON.parse(upstream.received[0]?.body.toString() ?? '')).toEqual({
      generateContentRequest: { model: 'models/gemini-upstream', ...request },
    });
  });
});

describe('streams as an array', () => {
  test('are asked for as events, and written as an array', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: [STREAM] });
    const reply = await ask('streamGenerateContent');
    expect(upstream.received[0]?.path).toContain('alt=sse');
    expect(reply.headers.get('content-type')).toContain('application/json');
    const list = JSON.parse(await reply.text()) as { candidates?: { content?: { parts: { text: string }[] } }[] }[];
    const texts = list.flatMap(({ candidates }) => candidates?.[0]?.content?.parts.map(({ text }) => text) ?? []);
    expect(texts.join('')).toBe('ab');
    expect(list.at(-1)).toMatchObject({
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { totalTokenCount: 5 },
      responseId: 'r1',
    });
  });

  test('that break off end with an error, and are still an array', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: [STREAM.slice(0, STREAM.indexOf('data: ', 6))] });
    const list = JSON.parse(await (await ask('streamGenerateContent')).text()) as unknown[];
    expect(list.at(-1)).toMatchObject({ error: { code: 502, status: 'UNAVAILABLE' } });
  });

  test('that fail before they begin are an error with its status', async () => {
    upstream.answer({
      status: 400,
      headers: JSON_BODY,
      chunks: ['[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}]'],
    });
    const reply = await ask('streamGenerateContent');
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: 400, message: 'bad', status: 'INVALID_ARGUMENT' } });
  });
});

describe('what goes wrong', () => {
  test('a stream without a reason to stop is broken', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: [`data: ${chunk('a')}\r\n\r\n`] });
    const text = await (await ask('streamGenerateContent?alt=sse')).text();
    expect(text).toContain(`data: ${chunk('a')}`);
    expect(text.split('data: ').at(-1)).toContain('"code":502');
  });

  test('an error in the middle of a stream ends it, once', async () => {
    const error = 'data: {"error": {"code": 503,"message": "overloaded","status": "UNAVAILABLE"}}\r\n\r\n';
    upstream.answer({ headers: EVENT_STREAM, chunks: [`data: ${chunk('a')}\r\n\r\n${error}`] });
    const text = await (await ask('streamGenerateContent?alt=sse')).text();
    expect(text.match(/"error":/g)).toHaveLength(1);
    expect(text).toContain('"message":"overloaded"');
  });

  test('a prompt that is blocked is an answer, also for other clients', async () => {
    const blocked =
      '{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":4},"modelVersion":"m","responseId":"r"}';
    upstream.answer({ headers: EVENT_STREAM, chunks: [`data: ${blocked}\r\n\r\n`] });
    expect(await (await ask('streamGenerateContent?alt=sse')).text()).toBe(`data: ${blocked}\r\n\r\n`);
    upstream.answer({ headers: JSON_BODY, chunks: [blocked] });
    const body = { model: 'gem', messages: [{ role: 'user', content: 'x' }] };
    const reply = await post(`${gateway.url}/v1/chat/completions`, body);
    expect(await reply.json()).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] });
  });

  test.each([
    ['no contents', {}, 'contents'],
    ['a part of the wrong type', { contents: [{ parts: [{ text: 1 }] }] }, 'contents[0].parts[0].text'],
  ])('%s, for a target of another dialect', async (_what, body, where) => {
    const reply = await ask('generateContent', body, 'gpt');
    expect(reply.status).toBe(400);
    const { error } = (await reply.json()) as { error: { message: string; status: string } };
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(where);
    expect(upstream.received).toHaveLength(0);
  });

  test('a setting that the target cannot express is named', async () => {
    const body = { contents: [{ parts: [{ text: 'x' }] }], safetySettings: [{ category: 'A', threshold: 'B' }] };
    const reply = await ask('generateContent', body, 'claude');
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('safetySettings');
  });
});

describe('other paths', () => {
  test.each([
    '/v1/models/gem:generateContent',
    '/v1beta1/models/gem:generateContent',
    '/v1/publishers/google/models/gem:generateContent',
    '/v1beta1/projects/p/locations/l/publishers/google/models/gem:generateContent',
  ])('%s', async (path) => {
    upstream.answer({ headers: JSON_BODY, chunks: [LAST] });
    const reply = await post(`${gateway.url}${path}`, { contents: [] });
    expect([reply.status, await reply.text()]).toEqual([200, LAST]);
  });

  test('a method that is not there', async () => {
    // What stands behind the colon could be part of a model's name, and at a model's own path there is a GET.
    const reply = await ask('predict');
    expect(reply.status).toBe(405);
  });
});
