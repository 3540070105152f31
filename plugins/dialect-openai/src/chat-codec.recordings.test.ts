/** Recorded traffic of many servers: what they said is read, and written back as they said it. */
import { describe, expect, test } from 'vitest';
import { collect, type ChatEvent, type ChatResponse } from '@gatewright/core';
import fc from 'fast-check';
import { ABSENCE, found, readRecordings } from './recordings.test.kit.ts';
import * as spec from './spec.test.kit.ts';
import {
  codec,
  decodeRequest,
  decodeStream,
  encodeStream,
  framesOf,
  json,
  observe,
  refusing,
  thrown,
} from './wire.test.kit.ts';

const { requests, responses, streams, errors } = readRecordings();

/** What the servers refused: the same is refused here, before anybody is asked. */
const BROKEN: Readonly<Record<string, string>> = {
  'envoy-ai-gateway/chat-bad-request.yaml': 'messages[0].content',
  'envoy-ai-gateway/chat-no-messages.yaml': 'messages',
};

/** An answer without what is allowed to differ between a stream and its copy: notes, and where extras stood. */
const said = ({ rest: _rest, ...response }: ChatResponse): unknown => json(response);

describe.skipIf(!found)(`recordings${ABSENCE}`, () => {
  test('there are as many as there were', () => {
    expect(requests.length).toBeGreaterThanOrEqual(108);
    expect(responses.length).toBeGreaterThanOrEqual(110);
    expect(streams.length).toBeGreaterThanOrEqual(37);
    expect(errors.length).toBeGreaterThanOrEqual(8);
  });

  test.each(requests.filter(({ name }) => !(name in BROKEN)))('request $name', ({ value }) => {
    const request = decodeRequest(value);
    expect(json(codec.encodeRequest(request, { ...refusing, model: request.model }))).toEqual(value);
  });

  test.each(requests.filter(({ name }) => name in BROKEN))('request $name is refused', ({ name, value }) => {
    const error = thrown(() => decodeRequest(value));
    expect([error.code, error.details.param]).toEqual(['GW_BAD_REQUEST', BROKEN[name]]);
  });

  test.each(responses)('answer $name', ({ value }) => {
    const response = codec.decodeResponse(value);
    expect(response.candidates[0]?.stop?.reason).toMatch(/^(?:stop|length|tool-calls)$/);
    expect(response.usage?.raw?.value).toBe(value['usage']);
    expect(json(codec.encodeResponse(response, { ...refusing, model: response.model }))).toEqual(value);
  });

  test.each(streams)('stream $name', ({ value }) => {
    const events = decodeStream(value);
    expect(events.at(-1)).toEqual({ type: 'end' });
    expect(orderly(events)).toEqual([]);
    const copy = encodeStream(events);
    expect(said(collect(decodeStream(Buffer.from(copy))))).toEqual(said(collect(events)));
  });

  test.each(streams)('stream $name, in pieces', ({ value }) => {
    const whole = decodeStream(value);
    fc.assert(
      fc.property(fc.array(fc.nat(value.length), { maxLength: 30 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), value.length];
        const pieces = places.slice(1).map((end, index) => value.subarray(places[index], end));
        expect(decodeStream(pieces)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  test.each(streams)('stream $name, observed', ({ value }) => {
    const response = collect(decodeStream(value));
    const { sights, passed, summary } = observe(value);
    expect(summary).toEqual(
      json({ id: response.id, model: response.model, usage: response.usage, stop: response.candidates[0]?.stop }),
    );
    const hasContent = response.candidates.some((candidate) => candidate.parts.length > 0);
    expect(sights.filter((sight) => sight.includes('CONTENT'))).toHaveLength(hasContent ? 1 : 0);
    expect(sights.filter((sight) => sight.includes('STOP')).length).toBeGreaterThanOrEqual(1);
    expect(sights.join()).not.toMatch(/MALFORMED|ERROR|REPLACE|DROP/);
    expect(passed).toEqual(observe(value, { dropUsage: false, model: response.model }).passed);
  });

  test.each(streams)('stream $name, without its usage and under another name', ({ name, value }) => {
    const before = collect(decodeStream(value));
    const { passed, summary } = observe(value, { dropUsage: true, model: 'smart "2"' });
    const after = collect(decodeStream(Buffer.from(passed.map((data) => `data: ${data}\n\n`).join(''))));
    const chunks = framesOf(passed.map((data) => `data: ${data}\n\n`).join(''));
    expect(chunks.filter((frame) => typeof frame === 'object' && 'usage' in frame)).toEqual([]);
    expect(after.model).toBe('smart "2"');
    // Groq has the usage once more, in a member of its own.
    expect(said(withoutUsage({ ...after, model: before.model }))).toEqual(said(withoutUsage(before)));
    if (!name.includes('/groq/')) expect(after.usage).toBeUndefined();
    expect(summary.usage).toEqual(before.usage);
  });

  test.each(errors)('error $name', ({ value: { status, body } }) => {
    const error = codec.decodeError(status, body);
    const sent = (JSON.parse(body.toString()) as { error: { message: string; code: string | null } }).error;
    expect(error).toMatchObject({ status, message: sent.message });
    expect(error.code ?? null).toBe(sent.code);
  });

  describe.skipIf(!spec.found)(`and the schemas${spec.ABSENCE}`, () => {
    // Mistral's reasoning stands in the content, where the schema has only text.
    const judged = streams.filter(({ name }) => !name.includes('mistral-reasoning'));

    test.each(judged)('what is sent for $name is a stream of chunks', ({ value }) => {
      // Extras of other servers are theirs: only what the codec itself writes is judged.
      const own = decodeStream(value).filter(({ type }) => type !== 'opaque');
      const chunks = framesOf(encodeStream(own)).filter((frame) => typeof frame === 'object');
      expect(chunks.flatMap((frame) => spec.violations('CreateChatCompletionStreamResponse', frame))).toEqual([]);
    });
  });
});

const withoutUsage = ({ usage: _usage, ...response }: ChatResponse): ChatResponse => response;

/** Breaches of the order that events must keep. */
function orderly(events: readonly ChatEvent[]): string[] {
  const open = new Set<string>();
  const breaches: string[] = [];
  const stopped = new Set<number>();
  if (events.filter(({ type }) => type === 'start').length !== 1) breaches.push('not one start');
  for (const event of events) {
    if (event.type === 'part-start') open.add(`${event.candidate}.${event.index}`);
    if (event.type === 'part-delta' && !open.has(`${event.candidate}.${event.index}`))
      breaches.push('delta of a closed part');
    if (event.type === 'part-end' && !open.delete(`${event.candidate}.${event.index}`))
      breaches.push('end of a closed part');
    if (event.type === 'stop') stopped.add(event.candidate);
    if (event.type.startsWith('part') && stopped.has((event as { candidate: number }).candidate))
      breaches.push('part after its stop');
  }
  if (open.size > 0) breaches.push('parts left open');
  return breaches;
}
