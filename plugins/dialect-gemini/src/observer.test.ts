/** What the observer sees in passing chunks. */
import { Sight } from '@gatewright/core';
import { expect, test } from 'vitest';
import { eachFrame, sse, stream } from './wire.test.kit.ts';

const chunk = (part: unknown, more: object = {}, beside: object = {}) => ({
  candidates: [{ content: { parts: [part] }, index: 0, ...more }],
  modelVersion: 'real',
  ...beside,
});

function watch(text: string, model?: string) {
  const observer = stream.observer(model === undefined ? { dropUsage: false } : { dropUsage: false, model });
  const sights: number[] = [];
  const replaced: string[] = [];
  eachFrame(Buffer.from(text), (frame) => {
    sights.push(observer.see(frame));
    replaced.push(frame.replacement);
  });
  return { sights, replaced, summary: observer.summary };
}

test('content, usage and stop', () => {
  const usage = (total: number) => ({ usageMetadata: { promptTokenCount: 2, candidatesTokenCount: total } });
  const { sights, summary } = watch(
    sse([
      chunk({ text: '' }),
      chunk({ text: 'a' }, {}, usage(1)),
      chunk({ text: 'b' }, {}, usage(2)),
      chunk({ text: '' }, { finishReason: 'STOP' }, usage(3)),
    ]),
  );
  expect(sights).toEqual([Sight.NOTHING, Sight.CONTENT, Sight.NOTHING, Sight.STOP]);
  expect(summary).toMatchObject({ model: 'real', usage: { input: 2, output: 3 }, stop: { reason: 'stop' } });
});

test('usage of a stream that breaks off is that of its last chunk', () => {
  const { summary } = watch(
    sse([
      chunk({ text: 'a' }, {}, { usageMetadata: { candidatesTokenCount: 1 } }),
      chunk({ text: 'ü"finishReason\\"' }, {}, { usageMetadata: { candidatesTokenCount: 5 } }),
    ]),
  );
  expect(summary.usage?.output).toBe(5);
  expect(summary.stop).toBeUndefined();
});

test('a call makes a normal stop one with calls, also chunks later', () => {
  const { sights, summary } = watch(
    sse([chunk({ functionCall: { name: 'f' } }), chunk({ text: '' }, { finishReason: 'STOP' })]),
  );
  expect(sights).toEqual([Sight.CONTENT, Sight.STOP]);
  expect(summary.stop?.reason).toBe('tool-calls');
});

test('a stream is only over when every candidate is', () => {
  const of = (index: number, finishReason?: string) => ({
    index,
    content: { parts: [{ text: 'x' }] },
    ...(finishReason === undefined ? {} : { finishReason }),
  });
  const { sights } = watch(
    sse([{ candidates: [of(0), of(1)] }, { candidates: [of(1, 'STOP')] }, { candidates: [of(0, 'STOP')] }]),
  );
  expect(sights.map((sight) => sight & Sight.STOP)).toEqual([0, 0, Sight.STOP]);
});

test('text that looks like a mark is text', () => {
  const args = { functionCall: { name: 'f', args: { error: { message: 'no' }, finishReason: 'STOP' } } };
  const { sights } = watch(sse([chunk({ text: '{"error": "finishReason"}' }), chunk(args)]));
  expect(sights).toEqual([Sight.CONTENT, Sight.CONTENT]);
});

test('a blocked prompt, errors, and chunks that are none', () => {
  const blocked = watch(sse([{ promptFeedback: { blockReason: 'OTHER' } }]));
  expect(blocked.sights).toEqual([Sight.STOP]);
  expect(blocked.summary.stop?.reason).toBe('content-filter');
  const failed = watch(
    sse([chunk({ text: 'a' }), { error: { code: 429, message: 'slow', status: 'RESOURCE_EXHAUSTED' } }]),
  );
  expect(failed.sights).toEqual([Sight.CONTENT, Sight.ERROR]);
  expect(failed.summary.error).toEqual({ status: 429, message: 'slow', type: 'RESOURCE_EXHAUSTED' });
  expect(watch('data: {"candidates"\n\n').sights).toEqual([Sight.MALFORMED]);
  expect(watch(`${sse([chunk({ text: 'a' })])}data: {"cand\n\n`).sights[1]).toBe(Sight.MALFORMED);
});

test("another model's name is put into every chunk", () => {
  const { sights, replaced } = watch(sse([chunk({ text: 'a' }), chunk({ text: 'b' })]), 'shown');
  expect(sights.map((sight) => sight & Sight.REPLACE)).toEqual([Sight.REPLACE, Sight.REPLACE]);
  expect(replaced.map((json) => (JSON.parse(json) as { modelVersion: string }).modelVersion)).toEqual([
    'shown',
    'shown',
  ]);
});
