/** What the real API sent and was sent: read and written again, nothing changes. */
import { collect, type JsonObject } from '@gatewright/core';
import { Sight } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import type { Recorded } from '@gatewright/testkit/material';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { ABSENCE, BROKEN, found, recordedMessages, recordedRequests, recordedStreams } from './recordings.test.kit.ts';
import { ABSENCE as NO_SPECS, found as specs, violations } from './spec.test.kit.ts';
import { bare, codec, complete, counts, decodeBytes, encodeEvents, framesOf, observe } from './wire.test.kit.ts';

const isSound = ({ name }: Recorded<Buffer>): boolean => !name.includes(BROKEN.spliced);
const nameAndValue = <T>({ name, value }: Recorded<T>): [string, T] => [name, value];

describe.skipIf(!found)(`recorded requests${ABSENCE}`, () => {
  test.each(recordedRequests().map(nameAndValue))('%s', (_name, body) => {
    const request = codec.decodeRequest(body, { headers: {} });
    expect(codec.encodeRequest(request, complete(String(body['model'])))).toEqual(body);
  });
});

describe.skipIf(!found)(`recorded answers${ABSENCE}`, () => {
  test.each(recordedMessages().map(nameAndValue))('%s', (_name, body) => {
    const response = codec.decodeResponse(body);
    expect(codec.encodeResponse(response, complete(String(body['model'])))).toEqual(body);
  });

  test.each(recordedMessages().map(nameAndValue))('the summary of %s is that of the whole', (_name, body) => {
    const response = codec.decodeResponse(body);
    const summary = codec.summarize(outlineOf(Buffer.from(JSON.stringify(body))));
    expect(summary).toEqual({
      id: body['id'],
      model: body['model'],
      usage: response.usage,
      stop: response.candidates[0]?.stop,
    });
  });
});

describe.skipIf(!found)(`recorded streams${ABSENCE}`, () => {
  const sound = recordedStreams().filter(isSound);

  test.each(sound.map(nameAndValue))('%s means the same when written again', (_name, bytes) => {
    const first = collect(decodeBytes(bytes));
    const again = collect(decodeBytes(encodeEvents(decodeBytes(bytes), complete(first.model))));
    expect(again.candidates).toEqual(first.candidates);
    expect(counts(again.usage)).toEqual(counts(first.usage));
    expect({ ...again, usage: undefined }).toEqual({ ...first, usage: undefined });
  });

  test.each(sound.map(nameAndValue))('%s is seen as it is read', (_name, bytes) => {
    const read = collect(decodeBytes(bytes));
    const { summary, sights } = observe(bytes);
    expect(summary.id).toBe(read.id);
    expect(summary.model).toBe(read.model);
    expect(summary.usage).toEqual(read.usage);
    expect(bare(summary.stop)).toEqual(bare(read.candidates[0]?.stop));
    expect(summary.error).toBeUndefined();
    const all = sights.reduce((sum, sight) => sum | sight, 0);
    expect(all & (Sight.STOP | Sight.END)).toBe(Sight.STOP | Sight.END);
  });

  test.each(sound.slice(0, 12).map(nameAndValue))('%s may arrive in any pieces', (_name, bytes) => {
    const whole = decodeBytes(bytes);
    const seen = observe(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        expect(decodeBytes(bytes, cuts)).toEqual(whole);
        expect(observe(bytes, cuts)).toEqual(seen);
      }),
      { numRuns: 10 },
    );
  });

  test('a stream becomes the answer that was recorded whole', () => {
    const names = new Map(recordedMessages().map(({ name, value }) => [name, value]));
    const twin = (name: string): JsonObject | undefined => names.get(`${name}.json`);
    const pairs = sound.filter(
      ({ name }) => name.includes('/anthropic-fallback') || name.includes('/anthropic-refusal'),
    );
    expect(pairs.length).toBeGreaterThan(1);
    for (const { name, value } of pairs) {
      const whole = twin(name.replace(' #1', ''));
      const read = collect(decodeBytes(value));
      expect(codec.encodeResponse(read, complete(read.model))['content']).toEqual(whole?.['content']);
      expect(codec.encodeResponse(read, complete(read.model))['stop_details']).toEqual(
        whole?.['stop_details'] ?? undefined,
      );
    }
  });
});

describe.skipIf(!found || !specs)(`recorded answers as the gateway sends them${ABSENCE}${NO_SPECS}`, () => {
  /** What does not fit, of all events but pings and most of the many that are alike. */
  const misfits = (text: string): unknown[] => {
    let deltas = 0;
    const isPicked = ({ type }: JsonObject): boolean =>
      type !== 'ping' && (type !== 'content_block_delta' || deltas++ < 20);
    return framesOf(text)
      .filter(isPicked)
      .flatMap((frame) => violations('BetaMessageStreamEvent', frame));
  };

  test('events that fit the schema when they come fit it when they are written again', () => {
    const fitting = recordedStreams().filter((one) => isSound(one) && misfits(one.value.toString('utf8')).length === 0);
    expect(fitting.length).toBeGreaterThan(40);
    for (const { name, value } of fitting) {
      expect({ name, misfits: misfits(encodeEvents(decodeBytes(value))) }).toEqual({ name, misfits: [] });
    }
  });
});
