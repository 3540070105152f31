/** Whether requests fit: what is left out, what is not, and what is said. */
import type { Target } from '@gatewright/core';
import { expect, test } from 'vitest';
import { chat, verdicts } from '../rig.test.kit.ts';
import { ContextCheck } from './context.ts';

const WINDOWS: Readonly<Record<string, number>> = { 'p/1': 1000, 'p/2': 8000, 'p/3': 100_000 };
const windowOf = ({ id }: Target): number | undefined => WINDOWS[id];
const check = new ContextCheck(windowOf);

test('what fits into all of them by its bytes is not looked at any closer', () => {
  expect(verdicts(check, { bytes: 3000, maxOutput: 200 })).toBeUndefined();
});

test('what is too long is said, with the numbers; an unknown window is large enough', () => {
  expect(verdicts(check, { bytes: 50_000, request: chat('word'.repeat(9000)), maxOutput: 50 })).toEqual([
    'takes 1000 tokens, and this is about 9000 and 50 of output',
    'takes 8000 tokens, and this is about 9000 and 50 of output',
    undefined,
    undefined,
  ]);
});

test('output that is asked for counts', () => {
  expect(verdicts(check, { bytes: 400, request: chat('hi'), maxOutput: 2000 })?.[0]).toBe(
    'takes 1000 tokens, and this is about 1 and 2000 of output',
  );
});

test('data of images is no text, and what JSON escapes is no more of it', () => {
  const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'A'.repeat(1_000_000) } };
  expect(
    verdicts(new ContextCheck(({ id }) => 2 * (WINDOWS[id] ?? 1000)), {
      bytes: 1_000_000,
      request: chat('look', image),
    }),
  ).toBeUndefined();
  expect(verdicts(check, { bytes: 12_000, request: chat('я'.repeat(1900)) })).toBeUndefined();
});

test('tools, calls and their results are text', () => {
  const request = {
    tools: [{ kind: 'function', name: 'a', description: 'd'.repeat(2000) }],
    messages: [
      { role: 'assistant', parts: [{ type: 'tool-call', id: '1', name: 'a', arguments: 'x'.repeat(1200) }] },
      { role: 'tool', parts: [{ type: 'tool-result', id: '1', parts: [{ type: 'text', text: 'y'.repeat(1200) }] }] },
    ],
  };
  expect(verdicts(check, { bytes: 9000, request })?.[0]).toMatch(/this is about 11\d\d$/);
});

test('what cannot be read is left to others', () => {
  expect(verdicts(check, { bytes: 50_000 })).toBeUndefined();
});

test('other operations are judged by their bytes', () => {
  expect(verdicts(check, { bytes: 20_000, operation: 'embeddings' })?.slice(0, 2)).toEqual([
    'takes 1000 tokens, and this is about 5000',
    undefined,
  ]);
});

test('one is kept where the model goes elsewhere with what is too long', () => {
  const keeping = new ContextCheck(({ id }) => WINDOWS[id] ?? 500, true);
  const found = verdicts(keeping, { bytes: 900_000, request: chat('word'.repeat(200_000)) });
  expect(found?.map((why) => why === undefined)).toEqual([false, false, true, false]);
});
