/** What clients of the dialect get from streams of whatever dialect. */
import { describe, expect, test } from 'vitest';
import { collect, GatewayError, NO_USAGE, spread, type ChatEvent, type Delta, type Part } from '@gatewright/core';
import { codec, decodeStream, dropping, encodeStream, framesOf, stream } from './wire.test.kit.ts';

const START: ChatEvent = { type: 'start', id: 'msg_1', model: 'claude' };
const STOP: ChatEvent = { type: 'stop', candidate: 0, stop: { reason: 'stop' } };
const END: ChatEvent = { type: 'end' };
const USAGE: ChatEvent = { type: 'usage', usage: { ...NO_USAGE, input: 3, cacheRead: 2, output: 4, reasoning: 1 } };

const begin = (part: Part, index = 0): ChatEvent => ({ type: 'part-start', candidate: 0, index, part });
const add = (delta: Delta, index = 0): ChatEvent => ({ type: 'part-delta', candidate: 0, index, delta });
const end = (index = 0): ChatEvent => ({ type: 'part-end', candidate: 0, index });
const TEXT: Part = { type: 'text', text: '' };
const CALL: Part = { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '' };
const THOUGHT: Part = { type: 'reasoning', text: '', origin: 'acme-messages' };

/** The deltas of a stream's chunks. */
const deltas = (text: string): unknown[] =>
  framesOf(text).flatMap((frame) =>
    typeof frame === 'object' && Array.isArray(frame['choices'])
      ? (frame['choices'] as { delta: unknown }[]).map(({ delta }) => delta)
      : [],
  );

test('a text, as OpenAI streams it', () => {
  const events = [
    START,
    begin(TEXT),
    add({ kind: 'text', text: 'Hi' }),
    add({ kind: 'text', text: '!' }),
    end(),
    STOP,
    USAGE,
    END,
  ];
  const head = { id: 'msg_1', object: 'chat.completion.chunk', created: 0, model: 'claude' };
  const choice = (delta: unknown, reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    usage: null,
  });
  expect(framesOf(encodeStream(events))).toEqual([
    choice({ role: 'assistant', content: '', refusal: null }),
    choice({ content: 'Hi' }),
    choice({ content: '!' }),
    choice({}, 'stop'),
    {
      ...head,
      choices: [],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 5,
        total_tokens: 10,
        prompt_tokens_details: { cached_tokens: 2, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 1, audio_tokens: 0 },
      },
    },
    '[DONE]',
  ]);
});

test('every frame is one line of data and a blank line', () => {
  const text = encodeStream([START, begin(TEXT), add({ kind: 'text', text: 'a\nb\r\n\u2028' }), end(), STOP, END]);
  for (const frame of text.split('\n\n').slice(0, -1)) expect(frame).toMatch(/^data: [^\n]+$/);
  expect(text.endsWith('\n\n')).toBe(true);
});

test('without usage where the client did not ask', () => {
  const text = encodeStream([START, begin(TEXT), end(), STOP, USAGE, END], { usage: false });
  expect(text).not.toContain('usage');
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('with the usage of the start where no later one comes, and none where nobody tells it', () => {
  const early: ChatEvent = { type: 'start', id: 'a', model: 'b', usage: { ...NO_USAGE, input: 7 } };
  expect(framesOf(encodeStream([early, STOP, END])).at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 7 } });
  expect(framesOf(encodeStream([START, STOP, END])).at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
});

test('the model is the one that was set, else the one of the answer', () => {
  const named = encodeStream([START, STOP], { context: dropping('smart') });
  expect(framesOf(named)[0]).toMatchObject({ model: 'smart' });
  expect(framesOf(encodeStream([START, STOP]))[0]).toMatchObject({ model: 'claude' });
});

test('an answer without an id gets one of its own', () => {
  expect(framesOf(encodeStream([{ type: 'start', id: '', model: 'm' }, STOP]))[0]).toMatchObject({
    id: 'chatcmpl-req-1',
  });
});

describe('calls', () => {
  test('name first, then arguments; counted up from zero, also where they overlap', () => {
    const other: Part = { ...CALL, id: 'toolu_2', name: 'g' };
    const text = encodeStream([
      START,
      begin(CALL, 4),
      begin(other, 7),
      add({ kind: 'arguments', text: '{"b"' }, 7),
      add({ kind: 'arguments', text: '{"a":1}' }, 4),
      end(4),
      add({ kind: 'arguments', text: ':2}' }, 7),
      end(7),
      STOP,
    ]);
    const call = (index: number, args: string) => ({ tool_calls: [{ index, function: { arguments: args } }] });
    expect(deltas(text)).toEqual([
      { role: 'assistant', content: null, refusal: null },
      { tool_calls: [{ index: 0, id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 1, id: 'toolu_2', type: 'function', function: { name: 'g', arguments: '' } }] },
      call(1, '{"b"'),
      call(0, '{"a":1}'),
      call(1, ':2}'),
      {},
    ]);
  });

  test('without arguments get an empty object: clients parse them', () => {
    const text = encodeStream([START, begin(CALL), end(), STOP]);
    expect(deltas(text)[2]).toEqual({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] });
    const full = encodeStream([START, begin({ ...CALL, arguments: '{"x":1}' }), end(), STOP]);
    expect(deltas(full)).toHaveLength(3);
  });
});

describe('reasoning of another dialect', () => {
  test('is reasoning_content; its signature has no place, and that is said', () => {
    const context = dropping();
    const events = [
      START,
      begin(THOUGHT),
      add({ kind: 'reasoning', text: 'Hm' }),
      add({ kind: 'signature', signature: 's' }),
      end(),
      STOP,
    ];
    expect(deltas(encodeStream(events, { context }))).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { reasoning_content: 'Hm' },
      {},
    ]);
    expect(context.warned).toEqual(['reasoning']);
  });

  test('that is encrypted is left out, and that is said', () => {
    const context = dropping();
    const text = encodeStream([START, begin({ ...THOUGHT, redacted: 'x' }), end(), STOP], { context });
    expect(deltas(text)).toHaveLength(2);
    expect(context.warned).toEqual(['reasoning']);
  });
});

describe('what else comes', () => {
  test('text, reasoning and refusal that a part has from its beginning', () => {
    const text = encodeStream([
      START,
      begin({ type: 'reasoning', text: 'Hm', origin: 'x' }),
      begin({ type: 'text', text: 'Hi' }, 1),
      begin({ type: 'refusal', text: 'No' }, 2),
    ]);
    expect(deltas(text).slice(1)).toEqual([{ reasoning_content: 'Hm' }, { content: 'Hi' }, { refusal: 'No' }]);
  });

  test('citations of this dialect are annotations; those of another are left out, and that is said', () => {
    const context = dropping();
    const cite = (dialect: string): ChatEvent => add({ kind: 'citation', dialect, item: { type: 'url_citation' } });
    const text = encodeStream([START, begin(TEXT), cite('openai-chat'), cite('acme-messages')], { context });
    expect(deltas(text).slice(1)).toEqual([{ annotations: [{ type: 'url_citation' }] }]);
    expect(context.warned).toEqual(['citations']);
  });

  test('parts that only another dialect has are left out with all their deltas, and that is said', () => {
    const context = dropping();
    const value = { type: 'server_tool_use', id: 's' };
    const events = [
      START,
      begin({ type: 'opaque', dialect: 'acme-messages', value }),
      add({ kind: 'opaque', dialect: 'acme-messages', value: {} }),
      end(),
      begin({ type: 'image', source: { kind: 'url', url: 'https://a.example' } }, 1),
      end(1),
    ];
    expect(deltas(encodeStream(events, { context }))).toHaveLength(1);
    expect(context.warned).toHaveLength(1);
    expect(context.dropped).toEqual(['choices[0].message.content[1]']);
  });

  test('pings and events of another dialect are nothing', () => {
    const events: ChatEvent[] = [{ type: 'ping' }, { type: 'opaque', dialect: 'acme-messages', value: { type: 'x' } }];
    expect(encodeStream(events)).toBe('');
  });

  test('sound of another dialect', () => {
    const part: Part = {
      type: 'audio',
      source: { kind: 'base64', mediaType: 'audio/pcm', data: 'AA' },
      transcript: 'a',
    };
    const text = encodeStream([START, begin(part), add({ kind: 'audio', data: 'BB' })]);
    expect(deltas(text).slice(1)).toEqual([{ audio: { transcript: 'a', data: 'AA' } }, { audio: { data: 'BB' } }]);
  });

  test('each candidate has its role, and its stop', () => {
    const events = [
      START,
      begin(TEXT),
      { ...begin(TEXT), candidate: 1 } as ChatEvent,
      STOP,
      { ...STOP, candidate: 1 } as ChatEvent,
    ];
    const choices = framesOf(encodeStream(events)).map((frame) => (frame['choices'] as { index: number }[])[0]);
    expect(choices).toMatchObject([
      { index: 0, delta: { role: 'assistant' } },
      { index: 1, delta: { role: 'assistant' } },
      { index: 0, finish_reason: 'stop' },
      { index: 1, finish_reason: 'stop' },
    ]);
  });

  test('fields that only the other dialect has are said, of the beginning and of the stop', () => {
    const context = dropping();
    const rest = { dialect: 'acme-messages', fields: { container: {}, $note: 1 } };
    encodeStream(
      [
        { ...START, rest },
        { ...STOP, stop: { reason: 'stop', rest } },
      ],
      { context },
    );
    expect(context.dropped).toEqual(['container', 'choices[0].container']);
  });

  test('a delta without its part is nobody’s', () => {
    expect(encodeStream([START, add({ kind: 'text', text: 'x' })])).toBe('');
  });
});

describe('ends', () => {
  test('nothing follows an error', () => {
    const error: ChatEvent = { type: 'error', status: 529, message: 'Overloaded', errorType: 'overloaded_error' };
    const text = encodeStream([START, begin(TEXT), error, STOP, END]);
    expect(framesOf(text).at(-1)).toEqual({
      error: { message: 'Overloaded', type: 'overloaded_error', param: null, code: null },
    });
    expect(text).not.toContain('[DONE]');
  });

  test('nothing follows the end, and a second end is none', () => {
    expect(encodeStream([END, END, START, begin(TEXT)])).toBe('data: [DONE]\n\n');
  });

  test('an error frame of the gateway, and the frame of a good end', () => {
    const error = new GatewayError('GW_UPSTREAM_CUT', 'It broke off.');
    expect(stream.encodeError(error, 'req-1')).toBe(
      'data: {"error":{"message":"It broke off.","type":"server_error","param":null,"code":"GW_UPSTREAM_CUT"}}\n\n',
    );
    expect(stream.endFrames).toBe('data: [DONE]\n\n');
  });
});

test('an answer that was whole, as a stream, is the same answer', () => {
  const body = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 3,
    model: 'm',
    system_fingerprint: 'fp',
    service_tier: 'default',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Hi',
          refusal: null,
          reasoning: 'Hm',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
        },
        logprobs: { content: [{ token: 'Hi' }], refusal: null },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  };
  const text = encodeStream(spread(codec.decodeResponse(body)));
  const again = codec.encodeResponse(collect(decodeStream(Buffer.from(text))), { ...dropping(), model: 'm' });
  expect(again).toEqual(body);
  expect(text).toContain('"reasoning":"Hm"');
  expect(framesOf(text)[0]).toMatchObject({ system_fingerprint: 'fp', service_tier: 'default', created: 3 });
});
