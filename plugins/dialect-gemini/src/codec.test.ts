/** Recorded answers of the real API: each decodes, and comes out again as it was. */
import { collect, Sight, type ChatResponse, type JsonObject, type Usage } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { generateArrayCodec, generateCodec } from './codec.ts';
import { decodeError } from './error.ts';
import { ABSENCE, readRateLimit, readRecordings, recordingsThere } from './recordings.test.kit.ts';
import { again, decodeStream, eachFrame, encodeStream, stream, strict } from './wire.test.kit.ts';

const recordings = readRecordings();
const whole = recordings.filter((recording) => !recording.stream);
const streams = recordings.filter((recording) => recording.stream);

const total = (usage: Usage): number =>
  usage.input + usage.cacheRead + usage.audioInput + usage.imageInput + usage.output + usage.reasoning;

describe.skipIf(!recordingsThere)(`recorded answers${ABSENCE}`, () => {
  test('there are some of both kinds', () => {
    expect(whole.length).toBeGreaterThanOrEqual(7);
    expect(streams.length).toBeGreaterThanOrEqual(9);
  });

  test.each(whole)('$name: decodes, and encodes as it was', ({ body }) => {
    const json = JSON.parse(body.toString()) as JsonObject;
    const response = generateCodec.decodeResponse(json);
    expect(generateCodec.encodeResponse(response, strict())).toEqual(json);
    const usage = json['usageMetadata'] as Record<string, number>;
    expect(total(response.usage as Usage)).toBe(usage['totalTokenCount']);
  });

  test.each(whole)('$name: the outline tells what decoding tells', ({ body }) => {
    const response = generateCodec.decodeResponse(JSON.parse(body.toString()) as JsonObject);
    const summary = generateCodec.summarize(outlineOf(body));
    expect(summary).toEqual({
      id: response.id,
      model: response.model,
      usage: response.usage,
      stop: { reason: response.candidates[0]?.stop?.reason, raw: response.candidates[0]?.stop?.raw },
    });
  });

  test.each(streams)('$name: decodes to one answer with stop and usage', ({ body }) => {
    const answer = collect(decodeStream(body));
    expect(answer.id).not.toBe('');
    expect(answer.candidates).toHaveLength(1);
    const [candidate] = answer.candidates;
    expect(candidate?.parts.length).toBeGreaterThan(0);
    expect(candidate?.stop).toBeDefined();
    expect(answer.usage?.output).toBeGreaterThan(0);
    for (const part of candidate?.parts ?? []) if (part.type === 'tool-call') JSON.parse(part.arguments);
    const called = candidate?.parts.some((part) => part.type === 'tool-call');
    expect(candidate?.stop?.reason).toBe(called ? 'tool-calls' : candidate?.stop?.reason);
  });

  test.each(streams)('$name: written again, it is the same answer, as events and as an array', ({ body }) => {
    const events = decodeStream(body);
    const answer = collect(events);
    expect(collect(decodeStream(encodeStream(events, strict())))).toEqual(settled(answer));
    const array = generateArrayCodec.stream as typeof stream;
    const text = encodeStream(events, strict(), array);
    expect(Array.isArray(JSON.parse(text))).toBe(true);
    expect(collect(decodeStream(text, array))).toEqual(settled(answer));
  });

  test.each(streams)('$name: the observer sees what the decoder decodes', ({ body }) => {
    const observer = stream.observer({ dropUsage: false });
    let seen = 0;
    eachFrame(body, (frame) => {
      seen |= observer.see(frame);
    });
    const answer = collect(decodeStream(body));
    expect(seen).toBe(Sight.CONTENT | Sight.STOP);
    expect(observer.summary).toMatchObject({ id: answer.id, model: answer.model });
    expect(observer.summary.usage).toMatchObject({ ...answer.usage, raw: expect.anything() });
    expect(observer.summary.stop?.reason).toBe(answer.candidates[0]?.stop?.reason);
  });

  test.each(recordings.filter(({ request }) => request !== undefined))('$name: its request is kept', (recording) => {
    expect(again(recording.request as JsonObject)).toEqual(recording.request);
  });

  test('an error with retry information', () => {
    expect(decodeError(429, readRateLimit())).toEqual({
      status: 429,
      message: 'You exceeded your current quota, please check your plan.',
      type: 'RESOURCE_EXHAUSTED',
      retryAfter: 34_400,
    });
  });
});

/** The tier is told with the usage, which is written last: what starts a stream does not know it. */
function settled(answer: ChatResponse): unknown {
  return Object.fromEntries(Object.entries(answer).filter(([key]) => key !== 'serviceTier'));
}
