/** Streams as servers send them: parts, plans, citations, and what is not as it should be. */
import { collect, Sight, type ChatEvent, type JsonObject } from '@gatewright/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytes, encodeEvents, framesOf, observe, sse, stream, eachFrame } from './wire.test.kit.ts';

const START = { id: 'c1', type: 'message-start', delta: { message: { role: 'assistant' } } };
const open = (index: number, content: JsonObject) => ({
  type: 'content-start',
  index,
  delta: { message: { content } },
});
const delta = (index: number, content: JsonObject, more: JsonObject = {}) => ({
  type: 'content-delta',
  index,
  delta: { message: { content } },
  ...more,
});
const close = (index: number) => ({ type: 'content-end', index });
const callStart = (index: number, name: string) => ({
  type: 'tool-call-start',
  index,
  delta: { message: { tool_calls: { id: `c${index}`, type: 'function', function: { name, arguments: '' } } } },
});
const callDelta = (index: number, text: string) => ({
  type: 'tool-call-delta',
  index,
  delta: { message: { tool_calls: { function: { arguments: text } } } },
});
const cite = (index: number) => ({
  type: 'citation-start',
  index,
  delta: { message: { citations: { start: index, end: 2, text: 'Pa', sources: [] } } },
});
const END = { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { tokens: { input_tokens: 3 } } } };

const TEXT = [START, open(0, { type: 'text', text: '' }), delta(0, { text: 'Paris' }), close(0), END];
const parts = (events: readonly ChatEvent[]) => collect(events).candidates[0]?.parts;

describe('what is read', () => {
  test('contents and calls are counted together', () => {
    const events = decodeBytes(
      sse([
        START,
        { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I look.' } } },
        callStart(0, 'look'),
        callDelta(0, '{"a":'),
        callDelta(0, '1}'),
        { type: 'tool-call-end', index: 0 },
        callStart(1, 'see'),
        callDelta(1, 'nu'),
        callDelta(1, 'll'),
        { type: 'tool-call-end', index: 1 },
        END,
      ]),
    );
    expect(parts(events)).toMatchObject([
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', id: 'c0', name: 'look', arguments: '{"a":1}' },
      { type: 'tool-call', id: 'c1', name: 'see', arguments: '{}' },
    ]);
    const indexes = events.flatMap((event) => (event.type === 'part-start' ? [event.index] : []));
    expect(indexes).toEqual([0, 1, 2]);
  });

  test('citations go with the text that is being written', () => {
    const cited = [
      ...TEXT.slice(0, 3),
      cite(0),
      { type: 'citation-end', index: 0 },
      cite(1),
      { type: 'citation-end', index: 1 },
      ...TEXT.slice(3),
    ];
    const events = decodeBytes(sse(cited));
    expect(parts(events)).toMatchObject([
      { text: 'Paris', citations: { dialect: 'cohere-chat', items: [{ start: 0 }, { start: 1 }] } },
    ]);
    expect(framesOf(encodeEvents(events))).toEqual([...cited, '[DONE]']);
  });

  test('a citation without a text is kept as it came', () => {
    const events = decodeBytes(sse([START, cite(0), ...TEXT.slice(1)]));
    expect(events[1]).toMatchObject({ type: 'opaque', event: 'citation-start' });
    expect(framesOf(encodeEvents(events))).toContainEqual(cite(0));
  });

  test('log probabilities, unknown fields and events of nobody else', () => {
    const logprobs = { text: 'Paris', token_ids: [1, 2], logprobs: [-0.5, -0.25] };
    const debug = { type: 'debug', prompt: '<BOS>' };
    const events = [
      START,
      debug,
      TEXT[1] as JsonObject,
      delta(0, { text: 'Paris', x: 1 }, { logprobs, y: 2 }),
      close(0),
      { ...END, z: 3 },
    ];
    const decoded = decodeBytes(sse(events));
    expect(collect(decoded).candidates[0]?.logprobs?.content).toMatchObject([{ token: 'Paris', logprob: -0.75 }]);
    expect(framesOf(encodeEvents(decoded))).toMatchObject([{ id: 'c1' }, ...events.slice(1), '[DONE]']);
  });

  test('servers that leave starts and types out', () => {
    const bare = [open(0, { thinking: 'Hm.' }), delta(1, { text: 'Paris' }), END];
    expect(parts(decodeBytes(sse(bare)))).toMatchObject([
      { type: 'reasoning', text: 'Hm.', origin: 'cohere-chat' },
      { type: 'text', text: 'Paris' },
    ]);
  });

  test('however the bytes are cut, they say the same', () => {
    const bytes = sse(TEXT);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        expect(decodeBytes(bytes, cuts)).toEqual(decodeBytes(bytes));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is wrong', () => {
  test.each<[string, JsonObject, object]>([
    [
      'ERROR',
      { type: 'message-end', delta: { finish_reason: 'ERROR', error: 'boom' } },
      { status: 500, message: 'boom' },
    ],
    ['TIMEOUT', { type: 'message-end', delta: { finish_reason: 'TIMEOUT' } }, { status: 504 }],
    [
      'an error beside a reason',
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', error: 'boom' } },
      { status: 500 },
    ],
    ['an error in the place of an event', { id: 'x', message: 'boom' }, { status: 500, message: 'boom' }],
    [
      'an error of another form',
      { error: { message: 'boom', type: 'server_error' } },
      { message: 'boom', errorType: 'server_error' },
    ],
  ])('%s is an error, and the observer sees it', (_what, event, expected) => {
    const bytes = sse([...TEXT.slice(0, 3), event], false);
    expect(decodeBytes(bytes)).toContainEqual(expect.objectContaining({ type: 'error', ...expected }));
    const { sights, summary } = observe(bytes);
    expect(sights.at(-1)).toBe(Sight.ERROR);
    expect(summary.error?.message).toBeTruthy();
    expect(summary.stop).toBeUndefined();
  });

  test.each<[string, JsonObject]>([
    ['no type', { type: '', index: 0 }],
    ['no index', { type: 'content-end' }],
    ['no content', { type: 'content-start', index: 0, delta: { message: {} } }],
    ['a delta without a call', callDelta(7, 'x')],
    ['an end without a reason', { type: 'message-end', delta: {} }],
  ])('an event with %s is not the dialect’s', (_what, event) => {
    const decoder = stream.decoder();
    const push = (): void => eachFrame(sse([event], false), (frame) => void decoder.push(frame));
    expect(push).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });

  test('a repeated start is harmless, and another answer is not', () => {
    const again = sse([START, START, ...TEXT.slice(1)]);
    expect(decodeBytes(again)).toEqual(decodeBytes(sse(TEXT)));
    expect(observe(again).sights.filter((sight) => sight === Sight.MALFORMED)).toHaveLength(1);
    const spliced = sse([...TEXT.slice(0, 3), { ...START, id: 'c2' }, ...TEXT.slice(1)], false);
    expect(() => decodeBytes(spliced)).toThrow('second answer');
    expect(observe(spliced).summary.error).toMatchObject({ status: 502 });
  });

  test('JSON that was cut is seen, also where it is not parsed', () => {
    const cut = Buffer.from('event: content-delta\ndata: {"type":"content-delta","index":0,"del\n\n');
    const { sights } = observe(Buffer.concat([sse(TEXT.slice(0, 3), false), cut]));
    expect(sights.at(-1)).toBe(Sight.MALFORMED);
  });
});

test('empty beginnings are no content', () => {
  const { sights } = observe(sse(TEXT));
  expect(sights).toEqual([Sight.NOTHING, Sight.NOTHING, Sight.CONTENT, Sight.NOTHING, Sight.STOP, Sight.END]);
});
