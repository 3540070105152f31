/** What was read in this dialect and written again is the same, and what is wrong is refused where it stands. */
import { collect, spread, type JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { codec } from './codec.ts';
import { ANSWERS, decodeStream, encodeStream, REQUESTS, STREAMS, toldContext } from './wire.test.kit.ts';

const parsed = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('the same again', () => {
  test.each(Object.entries(REQUESTS))('request: %s', (_name, body) => {
    const context = toldContext(String(body['model']));
    expect(codec.encodeRequest(codec.decodeRequest(body, { headers: {} }), context)).toEqual(body);
    expect(context.told).toEqual([]);
  });

  test.each(Object.entries(ANSWERS))('answer: %s', (_name, body) => {
    const context = toldContext();
    const response = codec.decodeResponse(body);
    expect(codec.encodeResponse(response, context)).toEqual(body);
    expect(context.told).toEqual([]);
    // As a stream, it says the same.
    const [last, ...lines] = parsed(encodeStream(spread(response))).reverse() as { message: JsonObject }[];
    expect(last).toMatchObject({ done: true, done_reason: body['done_reason'] });
    const said = lines.map(({ message }) => message['content']).join('');
    expect(said).toBe((body['message'] as JsonObject)['content']);
  });

  test.each(Object.entries(STREAMS))('stream: %s', (_name, text) => {
    expect(parsed(encodeStream(decodeStream(text)))).toEqual(parsed(text));
  });
});

test('a stream comes to the same answer as it would have whole', () => {
  const response = collect(decodeStream(STREAMS['tools'] ?? ''));
  expect(response.candidates[0]?.parts).toEqual([
    { type: 'text', text: 'I look.' },
    { type: 'tool-call', id: 'call_1', name: 'get_weather', arguments: '{"city":"Tōkyō"}' },
    { type: 'tool-call', id: 'call_2', name: 'get_weather', arguments: '{"city":"Tōkyō"}' },
  ]);
  expect(response.candidates[0]?.stop).toMatchObject({ reason: 'tool-calls' });
  expect(response.usage).toMatchObject({ input: 26, output: 282 });
});

test('calls without ids get ids of their own', () => {
  const call = { function: { name: 'f', arguments: {} } };
  const answer = { ...ANSWERS['text'], message: { role: 'assistant', content: '', tool_calls: [call, call] } };
  const ids = codec.decodeResponse(answer).candidates[0]?.parts.map((part) => (part as { id: string }).id) ?? [];
  expect(new Set(ids).size).toBe(2);
  expect(ids.every((id) => /^call_[\w-]+$/.test(id))).toBe(true);
});

test('results without ids find their calls: by name, or in order', () => {
  const call = (name: string) => ({ function: { name, arguments: {} } });
  const messages = [
    { role: 'assistant', content: '', tool_calls: [call('a'), call('b'), call('c')] },
    { role: 'tool', content: '2', tool_name: 'b' },
    { role: 'tool', content: '1' },
    { role: 'tool', content: '3' },
  ];
  const request = codec.decodeRequest({ model: 'm', messages }, { headers: {} });
  const ids = request.messages.map(({ parts }) => parts.map((part) => (part as { id: string }).id));
  expect(ids).toEqual([['call_0', 'call_1', 'call_2'], ['call_1'], ['call_0'], ['call_2']]);
});

describe('a head', () => {
  test.each([
    ['{"model":"m"}', { model: 'm', stream: true }],
    ['{"model":"m","stream":true}', { model: 'm', stream: true }],
    ['{"stream":false}', { stream: false }],
  ])('%s', (text, head) => {
    expect(codec.readHead(outlineOf(Buffer.from(text)))).toEqual(head);
  });

  test('and its model can be changed', () => {
    const body = outlineOf(Buffer.from('{"model":"a"}'));
    expect(codec.editRequest(body, { model: 'b', usage: true }).edits).toEqual([{ start: 9, end: 12, text: '"b"' }]);
    expect(codec.editRequest(body, { model: 'a', usage: true }).edits).toEqual([]);
  });
});

test('a whole answer is summarised, and an error in it is found', () => {
  const summary = codec.summarize(outlineOf(Buffer.from(JSON.stringify(ANSWERS['tools']))));
  expect(summary).toMatchObject({ model: 'llama3.2', usage: { input: 26 }, stop: { reason: 'tool-calls' } });
  expect(codec.summarize(outlineOf(Buffer.from('{"error":"no"}')))).toEqual({ error: { status: 500, message: 'no' } });
});

describe('what is wrong', () => {
  test.each([
    [{ messages: [] }, 'model'],
    [{ model: 'm', messages: 'x' }, 'messages'],
    [{ model: 'm', messages: [{ role: 'critic', content: '' }] }, 'messages[0].role'],
    [{ model: 'm', messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
    [{ model: 'm', messages: [{ role: 'user', content: '', images: [7] }] }, 'messages[0].images[0]'],
    [{ model: 'm', messages: [], options: { temperature: 'hot' } }, 'options.temperature'],
    [{ model: 'm', messages: [], format: 7 }, 'format'],
    [{ model: 'm', messages: [], think: 7 }, 'think'],
    [{ model: 'm', messages: [], tools: [{ function: {} }] }, 'tools[0].function.name'],
  ])('in the request %j', (body, param) => {
    expect(() => codec.decodeRequest(body, { headers: {} })).toThrow(
      expect.objectContaining({ code: 'GW_BAD_REQUEST', details: { param } }),
    );
  });

  test.each([[{}], [{ message: 7 }], [{ message: { content: [] } }], [{ message: { tool_calls: [{}] } }]])(
    'in the answer %j',
    (body) => {
      expect(() => codec.decodeResponse(body)).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
    },
  );
});
