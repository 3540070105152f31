/** What comes from other dialects: it fits Anthropic's schemas, and means the same when it is read again. */
import {
  collect,
  spread,
  type ChatRequest,
  type ChatResponse,
  type JsonObject,
  type Message,
  type Part,
} from '@gatewright/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toolId } from './block-writer.ts';
import { interleaved, request, response } from './neutral.test.kit.ts';
import { ABSENCE, found, violations } from './spec.test.kit.ts';
import { bare, codec, complete, counts, decodeBytes, dropping, encodeEvents, framesOf } from './wire.test.kit.ts';

const encode = (value: ChatRequest): JsonObject => codec.encodeRequest(value, dropping());

/** All must be expressed but signatures, which count for nothing here. */
function unsigned(): ReturnType<typeof complete> {
  const strict = complete();
  const warn = (field: string, reason: string): void => {
    if (!reason.startsWith('The signature of thinking')) strict.warn(field, reason);
  };
  return { ...strict, warn };
}

/** What a part says, in a form in which the differences that may be do not show. */
function gist(part: Part): unknown[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [['text', part.text, part.cache]];
    case 'tool-call':
      return [['call', toolId(part.id, false), part.name, JSON.parse(part.arguments === '' ? '{}' : part.arguments)]];
    case 'tool-result':
      return [['result', toolId(part.id, false), part.parts.flatMap(gist), part.isError]];
    case 'reasoning':
      return [];
    default:
      return [part];
  }
}

const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer';

/** What each side says, in order. */
function gists(messages: readonly Message[]): unknown {
  const said = messages.filter((message) => !isSystem(message));
  return {
    system: messages.filter(isSystem).flatMap(({ parts }) => parts.flatMap(gist)),
    others: said.flatMap(({ role, parts }) => parts.flatMap(gist).map((one) => [role === 'tool' ? 'user' : role, one])),
  };
}

test('requests mean the same', () => {
  fc.assert(
    fc.property(request, (value) => {
      const again = codec.decodeRequest(encode(value), { headers: {} });
      expect(gists(again.messages)).toEqual(gists(value.messages));
      expect(again.maxOutput).toBeGreaterThan(0);
      const { temperature, topP, topK, stop, endUser, cache, stream } = value;
      expect(again).toMatchObject(
        JSON.parse(JSON.stringify({ temperature, topP, topK, stop, endUser, cache, stream })),
      );
    }),
    { numRuns: 300 },
  );
});

test('turns alternate, and a system message stands only behind a user', () => {
  fc.assert(
    fc.property(request, (value) => {
      const roles = (encode(value)['messages'] as JsonObject[]).map(({ role }) => role);
      for (const [index, role] of roles.entries()) {
        expect(role).not.toBe(roles[index + 1]);
        if (role === 'system') expect(roles[index + 1]).not.toBe('user');
      }
    }),
    { numRuns: 300 },
  );
});

/** The answer as this dialect tells it: what an encoder is allowed to change is changed. */
function told(value: ChatResponse): unknown[] {
  return (
    value.candidates[0]?.parts.flatMap((part) =>
      part.type === 'reasoning' && part.text !== '' ? [['thinking', part.text]] : gist(part),
    ) ?? []
  );
}

test('answers mean the same, streamed and not, side by side or one after the other', () => {
  fc.assert(
    fc.property(response, fc.array(fc.nat(9), { maxLength: 20 }), (value, picks) => {
      const whole = codec.decodeResponse(codec.encodeResponse(value, unsigned()));
      const streamed = collect(decodeBytes(encodeEvents(spread(value), unsigned())));
      const mixed = collect(decodeBytes(encodeEvents(interleaved(spread(value), picks), unsigned())));
      expect(told(whole)).toEqual(told(value));
      expect(told(streamed)).toEqual(told(value));
      expect(told(mixed)).toEqual(told(value));
      for (const one of [whole, streamed, mixed]) {
        expect(bare(one.candidates[0]?.stop)).toEqual(bare(whole.candidates[0]?.stop));
        const usage = counts(one.usage);
        const total = (value.usage?.cacheWrite5m ?? 0) + (value.usage?.cacheWrite1h ?? 0);
        expect((usage?.cacheWrite5m ?? 0) + (usage?.cacheWrite1h ?? 0)).toBe(total);
        const { cacheWrite5m: _, cacheWrite1h: __, ...others } = counts(value.usage) ?? { ...counts(whole.usage) };
        expect(usage).toMatchObject(others);
      }
    }),
    { numRuns: 300 },
  );
});

test('blocks of a stream are numbered from 0 and do not overlap', () => {
  fc.assert(
    fc.property(response, fc.array(fc.nat(9), { maxLength: 20 }), (value, picks) => {
      let open = -1;
      let next = 0;
      for (const { type, index } of framesOf(encodeEvents(interleaved(spread(value), picks), unsigned()))) {
        if (type === 'content_block_start') {
          expect([open, index]).toEqual([-1, next]);
          open = next++;
        } else if (type === 'content_block_delta') expect(index).toBe(open);
        else if (type === 'content_block_stop') {
          expect(index).toBe(open);
          open = -1;
        }
      }
      expect(open).toBe(-1);
    }),
    { numRuns: 200 },
  );
});

describe.skipIf(!found)(`Anthropic's schemas${ABSENCE}`, () => {
  test('requests fit', () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(violations('BetaCreateMessageParams', encode(value))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('what does not fit is found', () => {
    const message = codec.encodeResponse({ id: 'a', model: 'b', candidates: [] }, complete());
    expect(violations('BetaMessage', message)).toEqual([]);
    expect(violations('BetaMessage', { ...message, stop_reason: 'bored' })).not.toEqual([]);
    expect(violations('BetaMessage', { ...message, content: [{ type: 'text' }] })).not.toEqual([]);
    expect(violations('BetaCreateMessageParams', { model: 'm', messages: [] })).not.toEqual([]);
    expect(violations('BetaMessageStreamEvent', { type: 'message_delta', delta: {} })).not.toEqual([]);
  });

  test('answers fit', () => {
    fc.assert(
      fc.property(response, (value) => {
        expect(violations('BetaMessage', codec.encodeResponse(value, unsigned()))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('events of a stream fit', () => {
    fc.assert(
      fc.property(response, (value) => {
        for (const frame of framesOf(encodeEvents(spread(value), unsigned()))) {
          expect(violations('BetaMessageStreamEvent', frame)).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
