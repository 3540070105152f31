/** Recorded traffic of servers that speak the dialect: what they said is read, and written back as they said it. */
import { describe, expect, test } from 'vitest';
import { collect, Sight, type JsonObject } from '@gatewright/core';
import fc from 'fast-check';
import { ABSENCE, found, readRecordings } from './recordings.test.kit.ts';
import {
  codec,
  decodeRequest,
  decodeStream,
  encodeStream,
  eventsOf,
  json,
  observe,
  refusing,
} from './wire.test.kit.ts';

const { requests, answers, streams } = readRecordings();

const whole = streams.filter(({ value }) => value.events.at(-1)?.['type'] === 'response.completed');

/** The response at the end of a stream. */
const finalOf = (events: readonly JsonObject[]): JsonObject => events.at(-1)?.['response'] as JsonObject;

describe.skipIf(!found)(`recordings${ABSENCE}`, () => {
  test('there are as many as there were', () => {
    expect(requests.length).toBeGreaterThanOrEqual(43);
    expect(answers.length).toBeGreaterThanOrEqual(70);
    expect(whole.length).toBeGreaterThanOrEqual(60);
  });

  test.each(requests)('request $name', ({ value }) => {
    // A stored prompt may name the model; the gateway has to be told it.
    const body = { model: 'm', ...value };
    const request = decodeRequest(body);
    expect(json(codec.encodeRequest(request, { ...refusing, model: request.model }))).toEqual(body);
  });

  test.each(answers)('answer $name', ({ value }) => {
    const response = codec.decodeResponse(value);
    expect(response.candidates[0]?.stop?.reason).toMatch(/^(?:stop|length|tool-calls)$/);
    expect(response.usage?.raw?.value).toBe(value['usage']);
    expect(json(codec.encodeResponse(response, { ...refusing, model: response.model }))).toEqual(value);
  });

  test.each(whole)('stream $name', ({ value }) => {
    const events = decodeStream(value.bytes);
    expect(events.at(-1)).toEqual({ type: 'end' });
    const final = finalOf(value.events);
    const answer = codec.decodeResponse(final);
    const gathered = collect(events);
    expect(gathered.usage).toEqual(answer.usage);
    expect(gathered.candidates[0]?.stop?.reason).toBe(answer.candidates[0]?.stop?.reason);
  });

  test.each(streams.filter(({ value }) => value.events.at(-1)?.['type'] === 'response.failed'))(
    'stream $name ends with an error that says what it is',
    ({ value }) => {
      expect(decodeStream(value.bytes).at(-1)).toMatchObject({
        type: 'error',
        status: 429,
        code: 'insufficient_quota',
      });
      const { seen, summary } = observe(value.bytes);
      expect(seen).toBe(Sight.ERROR);
      expect(summary.error).toMatchObject({ status: 429, code: 'insufficient_quota' });
    },
  );

  test.each(whole)('stream $name, in pieces', ({ value: { bytes } }) => {
    const once = decodeStream(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        expect(decodeStream(places.slice(1).map((end, index) => bytes.subarray(places[index], end)))).toEqual(once);
      }),
      { numRuns: 3 },
    );
  });

  test.each(whole)('stream $name, observed', ({ value }) => {
    const response = collect(decodeStream(value.bytes));
    const { seen, summary } = observe(value.bytes);
    expect(seen & (Sight.CONTENT | Sight.STOP | Sight.END | Sight.ERROR)).toBe(Sight.CONTENT | Sight.STOP | Sight.END);
    const { rest: _rest, ...stop } = response.candidates[0]?.stop ?? { reason: 'other' as const };
    expect(summary).toEqual(json({ id: response.id, model: response.model, usage: response.usage, stop }));
  });

  test.each(whole.filter(({ name }) => !(name in ODD)))('stream $name, written again', ({ value }) => {
    const copy = eventsOf(encodeStream(decodeStream(value.bytes)));
    expect(copy.map((event) => event['sequence_number'])).toEqual(copy.map((_, index) => index));
    expect(copy.map(comparable)).toEqual(value.events.map(comparable));
  });
});

/** Recordings that are not what their server sent, or in which it contradicts itself. */
const ODD: Readonly<Record<string, string>> = {
  'vercel-ai/openai/responses/github-copilot-id-rotation.1.chunks.txt': 'every event has another id for the same item',
  'vercel-ai/openai/responses/openai-phase.1.chunks.txt': 'most deltas were taken out',
  'vercel-ai/openai/responses/openai-shell-container.1.chunks.txt': 'the whole text is another than the pieces',
  'vercel-ai/open-responses/responses/lmstudio-tool-call.1.chunks.txt': 'arguments come at the end only',
  'vercel-ai/open-responses/responses/lmstudio-tool-call.2.chunks.txt': 'arguments come at the end only',
  'vercel-ai/openai/responses/parallel-tool-call-wrapper.1.chunks.txt': 'two frames are broken',
  'vercel-ai/openai/responses/programmatic-tool-calling.1.chunks.txt': 'what is encrypted changes at the end',
};

/**
 * What may differ: numbers and padding, what is encrypted anew in every event, lists that were left out because they are
 * empty, and who else had to be told the name of a function.
 */
const PASSING: ReadonlySet<string> = new Set([
  'sequence_number',
  'obfuscation',
  'encrypted_content',
  'logprobs',
  'name',
]);

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => {
    if (PASSING.has(key) || member === null || (Array.isArray(member) && member.length === 0)) return false;
    return !(key === 'status' && member === 'in_progress');
  });
  return Object.fromEntries(members.map(([key, member]) => [key, comparable(member)]));
}
