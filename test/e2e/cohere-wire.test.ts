/** Cohere's wire as it is: bytes that pass through, oddities, and what clients of other kinds send. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cohereGateway, CLIENT_KEY, DONE, frame } from './cohere-stage.ts';
import { inlinePlugin, post, type TestGateway } from './gateways.ts';
import { byteByByte, EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await cohereGateway(upstream.url);
});
afterEach(() => upstream.answer({ status: 500 }));
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const MESSAGES = [{ role: 'user', content: 'hi' }];
const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  post(`${gateway.url}${path}`, body, { authorization: `Bearer ${CLIENT_KEY}`, ...headers });
const chat = (more: object = {}) => ask('/v2/chat', { model: 'command', messages: MESSAGES, ...more });

const EVENTS = [
  '{"id":"c1","type":"message-start","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}',
  '{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}',
  '{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Pa"}}}, "made_up": 1.0}',
  '{"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":2,"text":"Pa","sources":[],"type":"TEXT_CONTENT"}}}}',
  '{"type":"citation-end","index":0}',
  '{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"ris"}}}}',
  '{"type":"content-end","index":0}',
  '{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":12,"output_tokens":7},"tokens":{"input_tokens":507,"output_tokens":10}}}}',
];
const STREAM = EVENTS.map(frame).join('');

describe('the same dialect on both sides', () => {
  test('passes the bytes of request and answer, but for the model', async () => {
    const answer = ' {"id":"1", "message":{"role":"assistant"},"finish_reason":"COMPLETE","novelty":1.0}\n';
    upstream.answer({ headers: { ...JSON_BODY, 'x-api-warning': 'old', 'x-secret': 'no' }, chunks: [answer] });
    const body = '{ "messages" : [],"model":"command", "made_up": {"x": 1.0} }';
    const reply = await ask('/v2/chat', body, { 'x-client-name': 'app', 'x-other': 'no' });
    expect(await reply.text()).toBe(answer);
    expect([reply.headers.get('x-api-warning'), reply.headers.get('x-secret')]).toEqual(['old', null]);
    const [received] = upstream.received;
    expect(received?.body.toString()).toBe(body.replace('"command"', '"command-upstream"'));
    expect([received?.headers['x-client-name'], received?.headers['x-other']]).toEqual(['app', undefined]);
  });

  test('passes the bytes of a stream, however it is cut, and counts its usage', async () => {
    const before = gateway.records.length;
    upstream.answer({ headers: EVENT_STREAM, chunks: byteByByte(Buffer.from(STREAM + DONE)), burst: true });
    const reply = await chat({ stream: true });
    expect(reply.headers.get('content-type')).toContain('text/event-stream');
    expect(await reply.text()).toBe(STREAM + DONE);
    expect(await gateway.record(before)).toMatchObject({ usage: { input: 12, output: 7 }, result: 'success' });
  });

  test('a stream without its end mark is given one, and CRLF stays', async () => {
    upstream.answer({ headers: EVENT_STREAM, chunks: [STREAM] });
    expect(await (await chat({ stream: true })).text()).toBe(STREAM + DONE);
    const crlf = (STREAM + DONE).replaceAll('\n', '\r\n');
    upstream.answer({ headers: EVENT_STREAM, chunks: [crlf] });
    expect(await (await chat({ stream: true })).text()).toBe(crlf);
  });

  test('events without names are read by their type', async () => {
    const bare = STREAM.replaceAll(/^event: .*\n/gm, '');
    upstream.answer({ headers: EVENT_STREAM, chunks: [bare + DONE] });
    expect(await (await chat({ stream: true })).text()).toBe(bare + DONE);
  });

  test('an event that is no JSON is left out, and counted', async () => {
    const before = gateway.records.length;
    const broken = 'event: content-delta\ndata: {"type":"content-del\n\n';
    upstream.answer({ headers: EVENT_STREAM, chunks: [STREAM.slice(0, 300), STREAM.slice(300) + broken + DONE] });
    expect(await (await chat({ stream: true })).text()).toBe(STREAM + DONE);
    expect((await gateway.record(before)).attempts[0]?.malformed).toBe(1);
  });
});

test('a plugin that changes the text changes no more than that', async () => {
  const shout = inlinePlugin('shout', ({ hooks }) =>
    hooks.transform.event.tap('chat', () => ({
      event: (event) =>
        event.type === 'part-delta' && event.delta.kind === 'text'
          ? [{ ...event, delta: { ...event.delta, text: event.delta.text.toUpperCase() } }]
          : [event],
      end: () => [],
    })),
  );
  const loud = await cohereGateway(upstream.url, [shout]);
  upstream.answer({ headers: EVENT_STREAM, chunks: [STREAM + DONE] });
  const reply = await post(`${loud.url}/v2/chat`, { model: 'command', messages: MESSAGES, stream: true });
  const [text, events] = [await reply.text(), EVENTS.map((event) => JSON.parse(event) as unknown)];
  await loud.close();
  const said = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json as string) as unknown);
  const louder = JSON.stringify(events).replace('"text":"Pa"}}}', '"text":"PA"}}}').replace('"ris"', '"RIS"');
  expect(said).toEqual(JSON.parse(louder));
  expect(text.endsWith(DONE)).toBe(true);
});

describe('requests that are refused, for a target of another dialect', () => {
  test.each([
    ['no messages', {}, 'messages'],
    ['an unknown role', { messages: [{ role: 'developer', content: 'x' }] }, 'messages.0.role'],
    [
      'a text of the wrong type',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 1 }] }] },
      'messages.0.content.0.text',
    ],
    ['a result without its call', { messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.tool_call_id'],
    ['a format nobody knows', { messages: MESSAGES, response_format: { type: 'xml' } }, 'response_format.type'],
  ])('%s', async (_what, body, where) => {
    const reply = await ask('/v2/chat', { model: 'gpt', ...body });
    expect(reply.status).toBe(400);
    const error = (await reply.json()) as { id: string; message: string };
    expect(error.message).toMatch(new RegExp(`^${where.replaceAll('.', '\\.')}: `));
    expect(error.id).toBe(reply.headers.get('x-gatewright-request-id'));
    expect(upstream.received).toHaveLength(0);
  });

  test.each([
    ['citation_options', { citation_options: { mode: 'FAST' } }],
    ['safety_mode', { safety_mode: 'STRICT' }],
    ['made_up', { made_up: 1 }],
  ])('%s, which only this dialect has', async (field, more) => {
    const reply = await ask('/v2/chat', { model: 'gpt', messages: MESSAGES, ...more });
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining(field)]);
  });
});
