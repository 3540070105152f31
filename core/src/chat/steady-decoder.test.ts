import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventDecoder } from '../dialect.ts';
import type { Frame } from '../sse/frame.ts';
import { SseSplitter } from '../sse/splitter.ts';
import type { ChatEvent } from './event.ts';
import { SteadyDecoder } from './steady-decoder.ts';

/** A dialect of nothing but text: `{"at":0,"say":"…"}`; everything else is told as it came. */
class Plain implements EventDecoder<ChatEvent> {
  seen = 0;

  push(frame: Frame): ChatEvent[] {
    this.seen++;
    const { at, say, p: _, n: __, ...others } = frame.json() as { at: number; say: unknown; p?: unknown; n?: unknown };
    if (typeof say !== 'string') return [{ type: 'opaque', dialect: 'plain', value: say }];
    const event: ChatEvent = { type: 'part-delta', candidate: 0, index: at, delta: { kind: 'text', text: say } };
    return [Object.keys(others).length === 0 ? event : { ...event, rest: { dialect: 'plain', fields: others } }];
  }

  end(): ChatEvent[] {
    return [{ type: 'end' }];
  }
}

/** What comes of frames with this data, and how many of them were parsed. */
interface Decoded {
  readonly events: ChatEvent[];
  readonly parsed: number;
}

/** The same comes of them whether the decoder is asked before they are read, or shown each. */
function decode(data: readonly string[], varying?: readonly string[]): Decoded {
  const passing = decodeIn('\r\n', data, varying, true);
  expect(passing).toEqual(decodeIn('\n', data, varying, false));
  return passing;
}

function decodeIn(
  end: string,
  data: readonly string[],
  varying: readonly string[] | undefined,
  asks: boolean,
): Decoded {
  const inner = new Plain();
  const decoder = new SteadyDecoder(inner, varying);
  const events: ChatEvent[] = [];
  const passer = (ascii: string, at: number): number => {
    const to = decoder.passes(ascii, at);
    if (to >= 0) events.push(decoder.passing as ChatEvent);
    return to;
  };
  const splitter = new SseSplitter(
    (frame) => events.push(...decoder.push(frame)),
    undefined,
    asks ? passer : undefined,
  );
  splitter.push(Buffer.from(data.map((one) => `data: ${one}${end}${end}`).join('')));
  return { events: [...events, ...decoder.end()], parsed: inner.seen };
}

const P = ['p'];

/** What comes of them where each is parsed. */
function directly(data: readonly string[]): ChatEvent[] {
  const inner = new Plain();
  const events: ChatEvent[] = [];
  const splitter = new SseSplitter((frame) => events.push(...inner.push(frame)));
  splitter.push(Buffer.from(data.map((one) => `data: ${one}\n\n`).join('')));
  return [...events, ...inner.end()];
}

const say = (text: string, at = 0): string => JSON.stringify({ at, say: text });

test('of a run of deltas only the first is parsed', () => {
  const data = [' one', ' two', ' "three"\\', ' vïer 🙂\n', ' five'].map((text) => say(text));
  const { events, parsed } = decode(data);
  expect(events).toEqual(directly(data));
  expect(parsed).toBe(1);
});

test('another part, and another shape, are parsed', () => {
  const data = [say('one'), say('two', 1), '{"at":0,"say":"x","more":1}', say('y'), '{"at":0,"say":null}', say('z')];
  const { events, parsed } = decode(data);
  expect(events).toEqual(directly(data));
  expect(parsed).toBe(6);
});

test('an empty string, and one that ends nowhere, are parsed', () => {
  expect(decode([say('one'), say('')]).parsed).toBe(2);
  expect(() => decode([say('one'), '{"at":0,"say":"a}'])).toThrow(SyntaxError);
  expect(() => decode([say('one'), '{"at":0,"say":"a\\x"}'])).toThrow(SyntaxError);
  expect(() => decode([say('one'), '{"at":0,"say":"a\tb"}'])).toThrow(SyntaxError);
});

test('blanks before the end, and a padding that is named, differ from frame to frame', () => {
  const blanks = ['{"at":0,"say":"one"}', '{"at":0,"say":"two"   }', '{"at":0,"say":"three" }'];
  expect(decode(blanks)).toEqual({ events: directly(blanks), parsed: 1 });
  const padded = ['{"at":0,"say":"one","p":"abc"}', '{"at":0,"say":"two","p":"abcdef"}', '{"at":0,"say":"x","p":""}'];
  expect(decode(padded, P)).toEqual({ events: directly(padded), parsed: 1 });
  expect(decode(padded).parsed).toBe(3);
  const more = [...padded, '{"at":0,"say":"y","p":"a","more":"b"}'];
  expect(decode(more, P)).toEqual({ events: directly(more), parsed: 2 });
});

test('a value before the text that is named differs from frame to frame', () => {
  const timed = ['{"n":9,"at":0,"say":"one"}', '{"n":10,"at":0,"say":"two"}', '{"n":"x","at":0,"say":"three"}'];
  const told = ['n'];
  expect(decode(timed, told)).toEqual({ events: directly(timed), parsed: 1 });
  expect(decode(timed).parsed).toBe(3);
  const odd = [...timed, '{"n":{},"at":0,"say":"y"}', '{"n":1,"at":1,"say":"z"}', '{"n":"\\"","at":1,"say":"a"}'];
  expect(decode(odd, told)).toEqual({ events: directly(odd), parsed: 4 });
});

test('where the text stands twice, nothing is learnt', () => {
  const data = ['{"at":0,"say":"p","p":"p"}', '{"at":0,"say":"p","p":"q"}', '{"at":0,"say":"r","p":"q"}'];
  const { events } = decode(data, P);
  expect(events).toEqual(directly(data));
});

test('a stream without a form is left alone after some tries', () => {
  const data = Array.from({ length: 12 }, (_value, index) => `{"at":0,"say":"a","p":"${'b'.repeat(index)}","c":1}`);
  const { events, parsed } = decode(data);
  expect(events).toEqual(directly(data));
  expect(parsed).toBe(12);
});

test('whatever comes, it is what comes where every frame is parsed', () => {
  const frame = fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).map((text) => say(text)) },
    fc.record({ at: fc.nat(1), say: fc.string(), p: fc.string() }).map((value) => JSON.stringify(value)),
    fc
      .record({ n: fc.oneof(fc.nat(), fc.string(), fc.constant(null)), at: fc.nat(1), say: fc.string() })
      .map((value) => JSON.stringify(value)),
    fc.record({ at: fc.nat(1), say: fc.constantFrom('p', 'say', 'at', 'x') }).map((value) => JSON.stringify(value)),
    fc.record({ at: fc.nat(1), say: fc.constant(null) }).map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), fc.constantFrom([], P, ['n', 'p']), (data, varying) => {
      expect(decode(data, varying).events).toEqual(directly(data));
    }),
    { numRuns: 500 },
  );
});
