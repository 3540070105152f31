/** What the observer sees in passing, and what it changes. */
import { describe, expect, test } from 'vitest';
import { Sight } from '@gatewright/core';
import { SseSplitter } from '@gatewright/core/wire';
import fc from 'fast-check';
import { chunk, DONE, eachFrame, FINISH, json, observe, ROLE, sse, stream } from './wire.test.kit.ts';

const USAGE = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
const hello = chunk({ content: 'Hello' });
const ofUsage = { ...FINISH, choices: [], usage: USAGE };
const call = (args: string) => chunk({ tool_calls: [{ index: 0, function: { arguments: args } }] });
const opening = chunk({
  tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }],
});

describe('sights', () => {
  test('of a usual stream', () => {
    const { sights, passed, summary } = observe(sse(ROLE, hello, hello, hello, FINISH, ofUsage, DONE));
    expect(sights).toEqual(['', 'CONTENT', '', '', 'STOP', '', 'END']);
    expect(passed).toEqual(
      [ROLE, hello, hello, hello, FINISH, ofUsage].map((one) => JSON.stringify(one)).concat('[DONE]'),
    );
    expect(summary).toMatchObject({
      id: 'chatcmpl-1',
      model: 'm',
      usage: { input: 5, output: 3 },
      stop: { reason: 'stop' },
    });
  });

  test.each([
    ['text', { content: 'a' }],
    ['reasoning_content', { reasoning_content: 'a', content: null }],
    ['reasoning', { reasoning: 'a' }],
    ['a refusal', { refusal: 'a' }],
    ['a tool call', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f' } }] }],
    ['a function call', { function_call: { name: 'f', arguments: '' } }],
    ['sound', { audio: { id: 'a', data: 'AA' } }],
    ['what is said in sound', { audio: { transcript: 'a' } }],
    ['content in parts', { content: [{ type: 'text', text: 'a' }] }],
  ])('content: %s', (_name, delta) => {
    expect(observe(sse(ROLE, chunk(delta))).sights).toEqual(['', 'CONTENT']);
  });

  test.each([
    ['a role', { role: 'assistant' }],
    ['empty text', { role: 'assistant', content: '', reasoning_content: '' }],
    ['nulls', { content: null, refusal: null, tool_calls: null, function_call: null, audio: null }],
    ['no calls (vLLM)', { content: '', tool_calls: [] }],
    ['a sound’s id', { audio: { id: 'a' } }],
    ['nothing', {}],
  ])('no content: %s', (_name, delta) => {
    expect(observe(sse(chunk(delta))).sights).toEqual(['']);
  });

  test('stop beside content', () => {
    expect(observe(sse(chunk({ content: 'a' }, { finish_reason: 'stop' }))).sights).toEqual(['CONTENT+STOP']);
  });

  test('of several candidates: the stop is that of the last', () => {
    const of = (index: number, content: string) => chunk({ content }, { index });
    const end = (index: number) => chunk({}, { index, finish_reason: 'length' });
    const { sights } = observe(sse(of(0, 'a'), of(1, 'a'), of(0, 'b'), end(0), of(1, 'b'), end(1), DONE));
    expect(sights).toEqual(['CONTENT', '', '', '', '', 'STOP', 'END']);
  });

  test('of calls: the stop knows of them, also where it says stop', () => {
    const { sights, summary } = observe(sse(ROLE, opening, call('{"x'), call('":'), call('1}'), FINISH, DONE));
    expect(sights).toEqual(['', 'CONTENT', '', '', '', 'STOP', 'END']);
    expect(summary.stop?.reason).toBe('tool-calls');
  });

  test('of usage on the last choice, on every one, and in x_groq', () => {
    for (const last of [
      { ...FINISH, usage: USAGE },
      { ...FINISH, x_groq: { usage: USAGE } },
    ]) {
      const { sights, summary } = observe(sse(hello, last));
      expect([sights, summary.usage?.output]).toEqual([['CONTENT', 'STOP'], 3]);
    }
    const counted = (n: number) => chunk({ content: 'a' }, {}, { usage: { ...USAGE, completion_tokens: n } });
    expect(observe(sse(counted(1), counted(2), counted(3), counted(7))).summary.usage?.output).toBe(7);
  });

  test('of a first chunk without choices: its empty names are none', () => {
    const filter = { choices: [], id: '', model: '', object: '', created: 0, prompt_filter_results: [] };
    const { sights, summary } = observe(sse(filter, ROLE, hello));
    expect(sights).toEqual(['', '', 'CONTENT']);
    expect(summary).toMatchObject({ id: 'chatcmpl-1', model: 'm' });
  });
});

describe('what is wrong', () => {
  test.each([
    ['its own frame', `data: {"error":{"message":"Overloaded","type":"server_error"}}`, 'Overloaded'],
    ['event: error', `event: error\ndata: {"error":{"message":"Overloaded"}}`, 'Overloaded'],
    ['event: error without JSON', `event: error\ndata: Overloaded`, 'Overloaded'],
    [
      'beside a choice',
      JSON.stringify(chunk({}, { finish_reason: 'error' }, { error: { message: 'Gone', code: 502 } })),
      'Gone',
    ],
    ['inside a choice', JSON.stringify(chunk({}, { finish_reason: 'error', error: { message: 'Gone' } })), 'Gone'],
  ])('an error: %s', (_name, frame, message) => {
    const { sights, summary } = observe(
      sse(ROLE, hello, hello, hello, frame.startsWith('{') ? `data: ${frame}` : frame),
    );
    expect(sights.at(-1)).toBe('ERROR');
    expect(summary.error?.message).toBe(message);
  });

  test('null is no error', () => {
    expect(observe(sse(chunk({ content: 'a' }, {}, { error: null }))).sights).toEqual(['CONTENT']);
  });

  test.each(['{"choices":[{"index":0,"del', '[]', '"a"', '{', 'null', '{"choices":[1]}'])('malformed: %s', (data) => {
    expect(observe(sse(hello, hello, `data: ${data}`, hello)).sights).toEqual(['CONTENT', '', 'MALFORMED', '']);
  });

  test('a chunk of the known form that is cut anywhere is malformed', () => {
    const text = JSON.stringify(chunk({ content: 'some text' }, {}, { obfuscation: 'abc' }));
    for (let end = 1; end < text.length; end++) {
      const { sights } = observe(
        sse(chunk({ content: 'b' }, {}, { obfuscation: 'xy' }), `data: ${text.slice(0, end)}`),
      );
      expect(sights, text.slice(0, end)).toEqual(['CONTENT', 'MALFORMED']);
    }
  });

  test('whatever comes, nothing is thrown', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"content":',
      '"choices":',
      '"delta":',
      '"usage":',
      '"error":',
      'null',
      '"a"',
      ',',
      '\\',
      '"',
      '[DONE]',
      JSON.stringify(hello),
      '1',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.boolean(), (some, dropUsage) => {
        const observer = stream.observer({ dropUsage, model: 'x' });
        const bytes = sse(hello, `data: ${some.join('')}`, hello, `event: error\ndata: ${some.join('')}`);
        eachFrame(bytes, (frame) => expect(observer.see(frame)).toBeTypeOf('number'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('usage that the client did not ask for', () => {
  const dropped = (...frames: Parameters<typeof sse>) => observe(sse(...frames), { dropUsage: true });

  test('the chunk with it is dropped, and read', () => {
    const { sights, passed, summary } = dropped(ROLE, hello, FINISH, ofUsage, DONE);
    expect(sights).toEqual(['', 'CONTENT', 'STOP', 'DROP', 'END']);
    expect(passed).toHaveLength(4);
    expect(summary.usage?.input).toBe(5);
  });

  test('its null is cut out of the other chunks, and nothing else is touched', () => {
    const withNull = (delta: Record<string, unknown>) => chunk(delta, {}, { usage: null, obfuscation: 'é"\\' });
    const texts = ['a', 'ü😀', '"usage":null', '\\', '\n'];
    const { sights, passed } = dropped(...texts.map((content) => withNull({ content })));
    expect(sights).toEqual(['CONTENT+REPLACE', 'REPLACE', 'REPLACE', 'REPLACE', 'REPLACE']);
    expect(passed).toEqual(
      texts.map((content) => JSON.stringify(withNull({ content })).replace('"usage":null,"ob', '"ob')),
    );
  });

  test('usage on a choice is cut out of its chunk', () => {
    const { sights, passed } = dropped(
      hello,
      { usage: USAGE, ...FINISH },
      chunk({ content: 'a' }, {}, { usage: USAGE }),
    );
    expect(sights).toEqual(['CONTENT', 'STOP+REPLACE', 'REPLACE']);
    expect(passed.slice(1)).toEqual([JSON.stringify(FINISH), JSON.stringify(chunk({ content: 'a' }))]);
  });

  test('a chunk without choices and without usage stays', () => {
    const filter = { choices: [], id: '', model: '', prompt_filter_results: [] };
    expect(dropped(filter, { ...filter, usage: null }).sights).toEqual(['', 'REPLACE']);
  });

  test('a member of that name further in stays', () => {
    const inner = { ...FINISH, x_groq: { usage: USAGE } };
    expect(dropped(hello, inner).passed[1]).toBe(JSON.stringify(inner));
  });

  test('JSON with white space in it', () => {
    const text = JSON.stringify(chunk({ content: 'a' }, {}, { usage: null }), null, 1).replaceAll('\n', ' ');
    expect(JSON.parse(dropped(`data: ${text}`).passed[0] as string)).toEqual(chunk({ content: 'a' }));
  });
});

describe('another model name', () => {
  test('is put in the place of the provider’s, and nowhere else', () => {
    const tricky = [
      hello,
      chunk({ content: '"model":"m"' }),
      chunk({ content: 'ü' }),
      chunk({}, { model: 'm' }),
      FINISH,
    ];
    const { sights, passed, summary } = observe(sse(...tricky, DONE), { dropUsage: false, model: 'my "smart" one' });
    expect(sights.at(-1)).toBe('END');
    expect(passed.slice(0, -1)).toEqual(tricky.map((one) => JSON.stringify({ ...one, model: 'my "smart" one' })));
    expect(summary.model).toBe('m');
  });

  test('that is the same changes nothing', () => {
    const { sights } = observe(sse(ROLE, hello, hello), { dropUsage: false, model: 'm' });
    expect(sights).toEqual(['', 'CONTENT', '']);
  });
});

/** What is seen of each frame; nothing of those that go by. */
function sightsOf(pieces: readonly Buffer[], passing: boolean): { sights: number[]; passed: number; summary: object } {
  const sights: number[] = [];
  let passed = 0;
  const observer = stream.observer({ dropUsage: false });
  const passer = (ascii: string, at: number): number => {
    const end = observer.passes?.(ascii, at) ?? -1;
    if (end >= 0) passed = sights.push(Sight.NOTHING);
    return end;
  };
  const splitter = new SseSplitter(
    (frame) => sights.push(observer.see(frame)),
    undefined,
    passing ? passer : undefined,
  );
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return { sights, passed, summary: observer.summary };
}

test('what goes by unseen says nothing that matters, however it is cut', () => {
  const whole = (text: string) => JSON.stringify(chunk({ content: text }, {}, { obfuscation: 'ab' }));
  const data = fc.oneof(
    { arbitrary: fc.string({ unit: 'grapheme' }).map(whole), weight: 5 },
    fc.string().map((text) => JSON.stringify(call(text))),
    fc.tuple(fc.string(), fc.nat()).map(([text, end]) => whole(text).slice(0, end % whole(text).length)),
    fc.constantFrom(JSON.stringify(FINISH), JSON.stringify(ofUsage), '[DONE]', '{"error":{"message":"no"}}'),
  );
  const places = fc.array(fc.nat(), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(data, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), places, (all, end, cuts) => {
      const bytes = Buffer.from(all.map((one) => `data: ${one}${end}${end}`).join(''));
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((to, index) => bytes.subarray(at[index], to));
      const { sights, summary } = sightsOf(pieces, false);
      expect(sightsOf(pieces, true)).toMatchObject({ sights, summary });
    }),
  );
  const usual = sse(ROLE, ...'abc'.split('').map((content) => chunk({ content })), FINISH, DONE);
  expect(sightsOf([usual], true).passed).toBe(4);
});

test('known forms change nothing about what is seen', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((content) => chunk({ content })),
    fc.string().map((content) => chunk({ content }, {}, { usage: null, obfuscation: 'ab' })),
    fc.string({ minLength: 1 }).map((text) => chunk({ reasoning_content: text, content: null })),
    fc.string().map((text) => call(text)),
    fc.string().map((content) => chunk({ content }, { index: 1 })),
    fc.string().map((content) => chunk({ content }, {}, { usage: USAGE })),
    fc.constantFrom(FINISH, ofUsage, opening, chunk({ content: 'x' }, { finish_reason: 'stop' })),
  );
  const options = fc.record({ dropUsage: fc.boolean(), model: fc.constantFrom('m', 'other') });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), options, (chunks, chosen) => {
      const { sights, passed } = observe(sse(...chunks), chosen);
      const expected = chunks
        .filter((one) => !(chosen.dropUsage && one === ofUsage))
        .map((one) =>
          json(Object.assign({}, one, { model: chosen.model }, chosen.dropUsage ? { usage: undefined } : {})),
        );
      expect(passed.map((text) => JSON.parse(text) as unknown)).toEqual(expected);
      expect(sights.filter((sight) => sight.includes('CONTENT')).length).toBeLessThanOrEqual(1);
      const stops = chunks.some((one) => (one['choices'] as { finish_reason?: string }[])[0]?.finish_reason === 'stop');
      if (!stops) expect(sights.join()).not.toContain('STOP');
    }),
    { numRuns: 200 },
  );
  expect(Sight.NOTHING).toBe(0);
});
