/** What is read off a whole reply. */
import { expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { ABSENCE, found, readRecordings } from './recordings.test.kit.ts';
import { answer, codec } from './wire.test.kit.ts';

const summarize = (body: JsonObject) => codec.summarize(outlineOf(Buffer.from(JSON.stringify(body))));

test('id, model, usage and stop', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  expect(summarize(answer({ content: 'Hi' }, { finish_reason: 'length' }, { usage }))).toMatchObject({
    id: 'chatcmpl-1',
    model: 'm',
    usage: { input: 1, output: 2, raw: { value: usage } },
    stop: { reason: 'length' },
  });
});

test('calls are the reason of a plain stop', () => {
  expect(summarize(answer({ tool_calls: [{ id: 'a' }] })).stop?.reason).toBe('tool-calls');
  expect(summarize(answer({ tool_calls: [] })).stop?.reason).toBe('stop');
});

test.each<[JsonObject, string | undefined]>([
  [{ error: { message: 'Gone' } }, 'Gone'],
  [{ object: 'error', message: 'Gone' }, 'Gone'],
  [{ choices: [{ finish_reason: 'error', error: { message: 'Gone' } }] }, 'Gone'],
  [{ choices: [], error: { message: 'Gone' } }, 'Gone'],
  [{ choices: [], error: null }, 'The provider answered without any choice.'],
  [{ choices: 'none' }, undefined],
  [{}, undefined],
])('the error in %j', (body, message) => {
  expect(summarize(body).error?.message).toBe(message);
});

test.skipIf(!found)(`of every recorded answer it is what decoding tells${ABSENCE}`, () => {
  const { responses } = readRecordings();
  expect(responses).not.toEqual([]);
  for (const { value } of responses) {
    const { id, model, usage, candidates } = codec.decodeResponse(value);
    expect(summarize(value)).toEqual({ id, model, usage, stop: candidates[0]?.stop });
  }
});
