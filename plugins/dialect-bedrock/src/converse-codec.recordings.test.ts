/** Everything that was recorded of the real API is read, and written again as it was. */
import { collect, Sight, type ChatEvent, type JsonObject } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import {
  ABSENCE,
  found,
  recordedAnswers,
  recordedEvents,
  recordedRequests,
  recordedStreams,
} from './recordings.test.kit.ts';
import { bare, codec, complete, decodeBytes, encodeEvents, messagesOf, observe } from './wire.test.kit.ts';

const streams = [...recordedStreams(), ...recordedEvents()];

/** Payloads without the padding, which is random and means nothing. */
function unpadded(bytes: Buffer): JsonObject[] {
  return messagesOf(bytes).map(({ type, payload }) => {
    const { p: _, ...rest } = payload;
    return { [type]: rest };
  });
}

const types = (events: readonly ChatEvent[]): string[] => events.map((event) => event.type);

describe.skipIf(!found)(`recorded answers of Amazon Bedrock${ABSENCE}`, () => {
  test('there are some of each kind', () => {
    const counts = [recordedRequests(), recordedAnswers(), recordedStreams(), recordedEvents()].map(
      (list) => list.length,
    );
    for (const count of counts) expect(count).toBeGreaterThan(1);
  });

  test.each(recordedRequests())('the request of $name is written as it was', ({ value }) => {
    const request = codec.decodeRequest(value, { headers: {}, model: 'm' });
    expect(codec.encodeRequest(request, complete())).toEqual(value);
    expect(JSON.stringify(request)).not.toContain('"opaque"');
  });

  test.each(recordedAnswers())('$name is written as it was', ({ value }) => {
    const response = codec.decodeResponse(value);
    expect(codec.encodeResponse(response, complete())).toEqual(value);
    expect(response.candidates[0]?.stop?.raw?.value).toBe(value['stopReason']);
    expect(response.usage?.output).toBe((value['usage'] as JsonObject)['outputTokens']);
  });

  test.each(recordedStreams())('$name is written with the same payloads', ({ value }) => {
    expect(unpadded(encodeEvents(decodeBytes(value)))).toEqual(unpadded(value));
  });

  test.each(streams)('$name ends as it should, and means the same when it is written again', ({ value }) => {
    const events = decodeBytes(value);
    const answer = collect(events);
    expect(types(events)).not.toContain('error');
    expect(answer.candidates[0]?.stop?.reason).toMatch(/^(stop|tool-calls)$/);
    expect(answer.candidates[0]?.parts.length).toBeGreaterThan(0);
    expect(types(events).filter((type) => type === 'part-start')).toHaveLength(
      types(events).filter((type) => type === 'part-end').length,
    );
    const again = collect(decodeBytes(encodeEvents([...events, ...(types(events).includes('end') ? [] : [END])])));
    expect(again.candidates).toEqual(answer.candidates);
    if (answer.usage !== undefined) expect(again.usage).toEqual(answer.usage);
  });

  test.each(streams)('$name: the observer sees what the decoder reads', ({ value }) => {
    const { sights, summary } = observe(value);
    const events = decodeBytes(value);
    const answer = collect(events);
    const all = sights.reduce((sum, sight) => sum | sight, 0);
    expect(all & (Sight.ERROR | Sight.MALFORMED)).toBe(0);
    expect(all & Sight.CONTENT).toBe(Sight.CONTENT);
    expect((all & Sight.END) !== 0).toBe(types(events).includes('end'));
    expect(summary.usage).toEqual(answer.usage);
    expect(summary.stop).toEqual(bare(answer.candidates[0]?.stop));
  });
});

const END: ChatEvent = { type: 'end' };
