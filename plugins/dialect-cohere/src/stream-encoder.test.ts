/** Streams of other dialects, as the frames of this one. */
import { NO_USAGE, spread, type ChatEvent, type ChatResponse, type Part } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { codec, complete, decodeBytes, dropping, encodeEvents, framesOf, stream } from './wire.test.kit.ts';
import { collect, GatewayError } from '@gatewright/core';

const answer = (parts: readonly Part[], reason: 'stop' | 'tool-calls' = 'stop'): ChatResponse => ({
  id: 'a1',
  model: 'm',
  candidates: [{ index: 0, parts, stop: { reason } }],
  usage: { ...NO_USAGE, input: 5, cacheRead: 2, output: 3 },
});
const text: Part = { type: 'text', text: 'Paris' };
const types = (bytes: Buffer): unknown[] =>
  framesOf(bytes).map((event) => (typeof event === 'string' ? event : event['type']));

test('a text, with its usage at the end', () => {
  const frames = framesOf(encodeEvents(spread(answer([text]))));
  expect(frames).toEqual([
    {
      id: 'a1',
      type: 'message-start',
      delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
    },
    { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
    { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Paris' } } } },
    { type: 'content-end', index: 0 },
    {
      type: 'message-end',
      delta: {
        finish_reason: 'COMPLETE',
        usage: {
          billed_units: { input_tokens: 7, output_tokens: 3 },
          tokens: { input_tokens: 7, output_tokens: 3 },
          cached_tokens: 2,
        },
      },
    },
    '[DONE]',
  ]);
});

test('parts that are streamed side by side come one after the other', () => {
  const call = (id: string): Part => ({ type: 'tool-call', id, name: 'look', arguments: '' });
  const start = (index: number, part: Part): ChatEvent => ({ type: 'part-start', candidate: 0, index, part });
  const more = (index: number, json: string): ChatEvent => ({
    type: 'part-delta',
    candidate: 0,
    index,
    delta: { kind: 'arguments', text: json },
  });
  const events: ChatEvent[] = [
    { type: 'start', id: 'a1', model: 'm' },
    start(0, { type: 'text', text: '' }),
    start(1, call('x')),
    start(2, call('y')),
    more(2, '{"b":2}'),
    { type: 'part-end', candidate: 0, index: 0 },
    more(1, '{"a":1}'),
    { type: 'part-end', candidate: 0, index: 2 },
    { type: 'stop', candidate: 0, stop: { reason: 'stop' } },
    { type: 'end' },
  ];
  const bytes = encodeEvents(events);
  const oneCall = 'tool-call-start tool-call-delta tool-call-end';
  expect(types(bytes).join(' ')).toBe(
    `message-start content-start content-end ${oneCall} ${oneCall} message-end [DONE]`,
  );
  const read = collect(decodeBytes(bytes)).candidates[0];
  expect(read?.parts.slice(1)).toMatchObject([
    { id: 'x', arguments: '{"a":1}' },
    { id: 'y', arguments: '{"b":2}' },
  ]);
  // That it was a normal stop is what some providers say of calls, too.
  expect(read?.stop?.reason).toBe('tool-calls');
});

test('whole answers say the same as their streams', () => {
  const parts: Part[] = [
    { type: 'reasoning', text: 'Hm.', origin: 'other' },
    text,
    { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"a":1}' },
  ];
  const whole = codec.decodeResponse(codec.encodeResponse(answer(parts, 'tool-calls'), complete()));
  const streamed = collect(decodeBytes(encodeEvents(spread(answer(parts, 'tool-calls')))));
  const said = ({ candidates, usage }: ChatResponse) => [
    candidates[0]?.parts.map((part) => ({ ...part, rest: undefined })),
    candidates[0]?.stop,
    usage,
  ];
  expect(said(streamed)).toEqual(said(whole));
});

describe('what cannot be expressed is told', () => {
  const citations = { dialect: 'other', items: [{}] };
  test.each<[string, Part]>([
    ['content.0.signature', { type: 'reasoning', text: 'Hm.', signature: 's', origin: 'other' }],
    ['content.0', { type: 'reasoning', text: '', redacted: 'r', origin: 'other' }],
    ['content.0', { type: 'opaque', dialect: 'other', value: {} }],
    ['content.0', { type: 'image', source: { kind: 'url', url: 'https://a.b' } }],
    ['content.citations', { type: 'text', text: 'Paris', citations }],
  ])('%s', (field, part) => {
    const notes = dropping();
    encodeEvents(spread(answer([part])), notes);
    expect([...notes.warned, ...notes.dropped]).toEqual([field]);
  });
});

test('an answer that a filter cut does not look finished', () => {
  const cut = {
    ...answer([text]),
    candidates: [{ index: 0, parts: [text], stop: { reason: 'content-filter' as const } }],
  };
  expect(codec.encodeResponse(cut, complete())).toMatchObject({ finish_reason: 'ERROR' });
  expect(decodeBytes(encodeEvents(spread(cut)))).toContainEqual(expect.objectContaining({ type: 'error' }));
});

test('an error is the end of the message, and no end mark follows', () => {
  const bytes = Buffer.from(stream.encodeError(new GatewayError('GW_UPSTREAM_CUT', 'It broke.'), 'req'));
  expect(framesOf(bytes)).toEqual([{ type: 'message-end', delta: { error: 'It broke.', finish_reason: 'ERROR' } }]);
});
