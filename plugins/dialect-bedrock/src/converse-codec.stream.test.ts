/** Streams: other dialects' events as messages, and messages as events that other dialects understand. */
import { collect, NO_USAGE, Sight, spread, type ChatEvent, type ChatResponse, type Part } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { answerBody } from './bodies.test.kit.ts';
import fc from 'fast-check';
import { awsStream, codec, decodeBytes, dropping, encodeEvents, messagesOf, observe } from './wire.test.kit.ts';

const START: ChatEvent = { type: 'start', id: 'x', model: 'm' };
const call = (index: number, id: string): ChatEvent => {
  const part: Part = { type: 'tool-call', id, name: 'look', arguments: '' };
  return { type: 'part-start', candidate: 0, index, part };
};
const more = (index: number, text: string): ChatEvent => {
  return { type: 'part-delta', candidate: 0, index, delta: { kind: 'arguments', text } };
};
const end = (index: number): ChatEvent => ({ type: 'part-end', candidate: 0, index });

const brief = (bytes: Buffer): string[] =>
  messagesOf(bytes).map(({ type, payload }) => `${type} ${JSON.stringify(payload)}`);

describe('written', () => {
  test('an answer of another dialect, its usage told before the stop', () => {
    const usage = { ...NO_USAGE, input: 5, cacheRead: 3, cacheWrite1h: 2, output: 4, reasoning: 1 };
    const response: ChatResponse = {
      id: 'x',
      model: 'm',
      usage,
      serviceTier: 'scale',
      candidates: [
        {
          index: 0,
          parts: [
            {
              type: 'reasoning',
              text: 'hm',
              signature: 's',
              origin: 'acme',
            },
            {
              type: 'text',
              text: 'yes',
            },
          ],
          stop: { reason: 'length' },
        },
      ],
    };
    const context = dropping();
    const bytes = encodeEvents(spread(response), context);
    expect(context.warned).toEqual(['content.0']);
    expect(brief(bytes)).toEqual([
      'messageStart {"role":"assistant"}',
      'contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}',
      'contentBlockStop {"contentBlockIndex":0}',
      'contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"yes"}}',
      'contentBlockStop {"contentBlockIndex":1}',
      'messageStop {"stopReason":"max_tokens"}',
      'metadata {"usage":{"inputTokens":5,"outputTokens":5,"totalTokens":15,"cacheReadInputTokens":3,' +
        '"cacheWriteInputTokens":2,"cacheDetails":[{"ttl":"1h","inputTokens":2}]},"metrics":{"latencyMs":0}}',
    ]);
  });

  test('calls side by side become blocks one after the other', () => {
    const events = [START, call(0, 'a'), call(1, 'b'), more(1, '{"y"'), more(0, '{}'), end(0), more(1, ':1}'), end(1)];
    const stop: ChatEvent = { type: 'stop', candidate: 0, stop: { reason: 'stop' } };
    const bytes = encodeEvents([...events, stop, { type: 'end' }]);
    expect(brief(bytes).slice(1, -1)).toEqual([
      'contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"look"}}}',
      'contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{}"}}}',
      'contentBlockStop {"contentBlockIndex":0}',
      'contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"b","name":"look"}}}',
      'contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\\"y\\""}}}',
      'contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":":1}"}}}',
      'contentBlockStop {"contentBlockIndex":1}',
      // The other provider called it a normal stop.
      'messageStop {"stopReason":"tool_use"}',
    ]);
  });

  test('what a stream cannot hold is said', () => {
    const notes = dropping();
    const image: Part = { type: 'image', source: { kind: 'url', url: 'x' } };
    encodeEvents([START, { type: 'part-start', candidate: 0, index: 0, part: image }, end(0), call(1, 'a')], notes);
    encodeEvents([START, { type: 'part-start', candidate: 1, index: 0, part: image }], notes);
    expect(notes.dropped).toEqual(['content.0', 'choices']);
  });

  test('whole answers of this dialect stream and gather to what they were', () => {
    fc.assert(
      fc.property(answerBody, (body) => {
        const response = codec.decodeResponse(body);
        const again = collect(decodeBytes(encodeEvents(spread(response), dropping())));
        const { stop } = response.candidates[0] ?? {};
        if (stop !== undefined) expect(again.candidates[0]?.stop).toEqual(stop);
        expect(texts(again)).toEqual(texts(response));
        if (response.usage !== undefined) expect(again.usage).toEqual(response.usage);
      }),
      { numRuns: 200 },
    );
  });
});

const texts = ({ candidates }: ChatResponse): unknown[] =>
  (candidates[0]?.parts ?? []).flatMap((part): unknown[] => {
    if (part.type === 'text') return [part.text];
    return part.type === 'tool-call' ? [[part.id, part.name, JSON.parse(part.arguments) as unknown]] : [];
  });

describe('read', () => {
  test('tools that run on the server are gathered whole', () => {
    const start = { toolUseId: 's', name: 'search', type: 'server_tool_use' };
    const bytes = awsStream(
      { messageStart: { role: 'assistant' } },
      { contentBlockStart: { contentBlockIndex: 0, start: { toolUse: start } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: '{"q":' } } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: '1}' } } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { contentBlockStart: { contentBlockIndex: 1, start: { toolResult: { toolUseId: 's', type: 'web' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { toolResult: [{ text: 'r' }] } } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { messageStop: { stopReason: 'end_turn' } },
      { metadata: { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 }, metrics: { latencyMs: 9 } } },
    );
    expect(collect(decodeBytes(bytes)).candidates[0]?.parts).toMatchObject([
      { type: 'opaque', value: { toolUse: { ...start, input: { q: 1 } } } },
      { type: 'opaque', value: { toolResult: { toolUseId: 's', type: 'web', content: [{ text: 'r' }] } } },
    ]);
    expect(encodeEvents(decodeBytes(bytes))).toEqual(bytes);
  });

  test('thinking with its signature, redacted thinking, citations', () => {
    const bytes = awsStream(
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: 'hm' } } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { signature: 'sig' } } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { reasoningContent: { redactedContent: 'AAAA' } } } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { contentBlockDelta: { contentBlockIndex: 2, delta: { text: 'so' } } },
      { contentBlockDelta: { contentBlockIndex: 2, delta: { citation: { title: 't' } } } },
      { contentBlockStop: { contentBlockIndex: 2 } },
      { messageStop: { stopReason: 'end_turn' } },
      { metadata: { usage: {}, metrics: { latencyMs: 9 }, trace: { guardrail: {} } } },
    );
    const origin = 'bedrock-converse';
    expect(collect(decodeBytes(bytes)).candidates[0]?.parts).toEqual([
      { type: 'reasoning', text: 'hm', signature: 'sig', origin },
      { type: 'reasoning', text: '', redacted: 'AAAA', origin },
      { type: 'text', text: 'so', citations: { dialect: origin, items: [{ title: 't' }] } },
    ]);
    expect(encodeEvents(decodeBytes(bytes))).toEqual(bytes);
  });

  test('metadata without usage keep what they have, and count nothing', () => {
    const bytes = awsStream(
      { messageStart: { role: 'assistant' } },
      { messageStop: { stopReason: 'end_turn' } },
      { metadata: { metrics: { latencyMs: 9 } } },
    );
    const events = decodeBytes(bytes);
    expect([collect(events).usage, observe(bytes).summary.usage]).toEqual([undefined, undefined]);
    expect(messagesOf(encodeEvents(events)).at(-1)?.payload).toMatchObject({ metrics: { latencyMs: 9 } });
  });

  test('a call without input has the arguments {}, for others only', () => {
    const bytes = awsStream(
      { messageStart: { role: 'assistant' } },
      { contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'a', name: 'b' } } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
    );
    expect(collect(decodeBytes(bytes)).candidates[0]?.parts).toMatchObject([{ arguments: '{}' }]);
    expect(brief(encodeEvents(decodeBytes(bytes)))).toHaveLength(3);
  });

  test.each([
    [
      'a delta of a call that has not begun',
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: '' } } } },
    ],
    ['a delta without its place', { contentBlockDelta: { delta: { text: 'x' } } }],
    ['a stop without a reason', { messageStop: {} }],
  ])('%s is not this dialect', (_what, event) => {
    expect(() => decodeBytes(awsStream(event))).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_INVALID' }));
  });
});

describe('where it ends', () => {
  const stop = { messageStop: { stopReason: 'end_turn' } };
  const metadata = { metadata: { usage: { inputTokens: 1, outputTokens: 2 } } };
  test.each([
    ['the usage behind the stop', [stop, metadata], [Sight.STOP, Sight.END]],
    ['the usage before it', [metadata, stop], [Sight.NOTHING, Sight.STOP | Sight.END]],
    ['no usage', [stop], [Sight.STOP]],
  ])('%s', (_what, events, sights) => {
    const bytes = awsStream(...events);
    expect(observe(bytes).sights).toEqual(sights);
    const hasEnd = sights.some((sight) => (sight & Sight.END) !== 0);
    expect(decodeBytes(bytes).some(({ type }) => type === 'end')).toBe(hasEnd);
  });

  test('empty deltas are no content, and the first that is not empty is', () => {
    const delta = (one: unknown) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: one } });
    const bytes = awsStream(
      delta({ text: '' }),
      delta({ reasoningContent: { text: '' } }),
      { contentBlockStart: { contentBlockIndex: 0, start: {} } },
      delta({ text: 'x' }),
      delta({ text: 'y' }),
    );
    expect(observe(bytes).sights).toEqual([0, 0, 0, Sight.CONTENT, 0]);
  });
});
