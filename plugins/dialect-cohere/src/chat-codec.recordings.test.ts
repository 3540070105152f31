/** Everything that was recorded of the real API is read, and written again as it was. */
import { collect, Sight, type ChatEvent, type JsonObject } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { ABSENCE, found, recordedAnswers, recordedStreams } from './recordings.test.kit.ts';
import { codec, complete, decodeBytes, encodeEvents, framesOf, observe, sse } from './wire.test.kit.ts';

const types = (events: readonly ChatEvent[]): string[] => events.map((event) => event.type);
const billed = (value: unknown): unknown => (value as { billed_units: unknown }).billed_units;

describe.skipIf(!found)(`recorded chats of the API${ABSENCE}`, () => {
  test('there are some of each kind', () => {
    expect(recordedAnswers().length).toBeGreaterThan(4);
    expect(recordedStreams().length).toBeGreaterThan(3);
  });

  test.each(recordedAnswers())('$name is written as it was', ({ value }) => {
    const response = codec.decodeResponse(value);
    expect(codec.encodeResponse(response, complete())).toEqual(value);
    expect(response.candidates[0]?.stop?.raw?.value).toBe(value['finish_reason']);
    const { input, output } = response.usage ?? {};
    expect({ input_tokens: input, output_tokens: output }).toEqual(billed(value['usage']));
  });

  test.each(recordedStreams())('$name is written with the same events', ({ value }) => {
    const events = decodeBytes(sse(value));
    expect(framesOf(encodeEvents(events))).toEqual([...value, '[DONE]']);
  });

  test.each(recordedStreams())('$name ends as it should', ({ value }) => {
    const events = decodeBytes(sse(value));
    expect(types(events)).not.toContain('error');
    expect(types(events)).not.toContain('opaque');
    expect(types(events).at(-1)).toBe('end');
    const count = (type: string): number => types(events).filter((one) => one === type).length;
    expect(count('part-start')).toBe(count('part-end'));
    const end = value.at(-1)?.['delta'] as JsonObject;
    const answer = collect(events);
    expect(answer.candidates[0]?.stop?.raw?.value).toBe(end['finish_reason']);
    for (const part of answer.candidates[0]?.parts ?? []) {
      if (part.type === 'tool-call') expect(JSON.parse(part.arguments)).toBeTypeOf('object');
    }
  });

  test.each(recordedStreams())('$name: the observer sees what the decoder reads', ({ value }) => {
    const { sights, summary } = observe(sse(value));
    const answer = collect(decodeBytes(sse(value)));
    const all = sights.reduce((sum, sight) => sum | sight, 0);
    expect(all).toBe(Sight.CONTENT | Sight.STOP | Sight.END);
    expect(summary).toEqual({ id: answer.id, usage: answer.usage, stop: answer.candidates[0]?.stop });
  });

  test('a call without arguments has an object for every other dialect', () => {
    const nothing = recordedAnswers().find(({ name }) => name.includes('null-args'));
    const part = codec.decodeResponse(nothing?.value ?? {}).candidates[0]?.parts.at(-1);
    expect(part).toMatchObject({ type: 'tool-call', name: 'currentTime', arguments: '{}' });
  });
});
