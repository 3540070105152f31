/** How the streams of many servers differ, and that they are read all the same. Bytes by the servers' own documentation. */
import { describe, expect, test } from 'vitest';
import { collect, type ChatEvent, type Part } from '@gatewright/core';
import { chunk, decodeStream, DONE, FINISH, ROLE, sse, stream, thrown } from './wire.test.kit.ts';

const USAGE = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };

const types = (events: readonly ChatEvent[]): string[] => events.map(({ type }) => type);
const parts = (events: readonly ChatEvent[]): readonly Part[] => collect(events).candidates[0]?.parts ?? [];
const hello = chunk({ content: 'Hello' });

describe('the usual stream', () => {
  test('a role is no content: the first chunk is the start alone', () => {
    expect(stream.decoder()).toBeDefined();
    const events = decodeStream(sse(ROLE, hello, chunk({ content: '!' }), FINISH, DONE));
    expect(types(events)).toEqual(['start', 'part-start', 'part-delta', 'part-delta', 'part-end', 'stop', 'end']);
    expect(events[0]).toEqual({
      type: 'start',
      id: 'chatcmpl-1',
      model: 'm',
      created: 1,
      rest: { dialect: 'openai-chat', fields: {} },
    });
    expect(parts(events)).toEqual([{ type: 'text', text: 'Hello!' }]);
  });

  test('tier and fingerprint go with the start', () => {
    const [start] = decodeStream(sse(chunk({ content: 'a' }, {}, { service_tier: 'flex', system_fingerprint: 'fp' })));
    expect(start).toMatchObject({ serviceTier: 'flex', rest: { fields: { $aside: { system_fingerprint: 'fp' } } } });
  });

  test('obfuscation, nulls and empty deltas say nothing', () => {
    const empty = chunk(
      { content: null, refusal: null, tool_calls: null, audio: null },
      {},
      { obfuscation: 'xyz', usage: null },
    );
    const events = decodeStream(sse(ROLE, empty, hello, chunk({}), chunk({ content: '' }), FINISH, DONE));
    expect(types(events)).toEqual(['start', 'part-start', 'part-delta', 'part-end', 'stop', 'end']);
  });

  test('nothing is read behind the end', () => {
    expect(types(decodeStream(sse(ROLE, hello, FINISH, DONE, hello)))).toEqual(
      types(decodeStream(sse(ROLE, hello, FINISH, DONE))),
    );
  });
});

describe('where the usage stands', () => {
  test('in a last chunk without choices', () => {
    const events = decodeStream(sse(ROLE, hello, FINISH, { ...FINISH, choices: [], usage: USAGE }, DONE));
    expect(types(events).slice(-3)).toEqual(['stop', 'usage', 'end']);
    expect(collect(events).usage).toMatchObject({ input: 5, output: 3 });
  });

  test('on the last choice', () => {
    const events = decodeStream(sse(ROLE, hello, { ...FINISH, usage: USAGE }, DONE));
    expect(types(events).slice(-3)).toEqual(['stop', 'usage', 'end']);
  });

  test('on every chunk: the last counts', () => {
    const early = { ...hello, usage: { ...USAGE, completion_tokens: 1 } };
    const events = decodeStream(sse(early, { ...hello, usage: USAGE }, { ...FINISH, usage: USAGE }));
    expect(types(events).filter((type) => type === 'usage')).toHaveLength(2);
    expect(collect(events).usage?.output).toBe(3);
  });

  test('in x_groq, beside or instead of its own place', () => {
    const alone = decodeStream(sse(hello, { ...FINISH, x_groq: { id: 'req', usage: USAGE } }));
    expect(collect(alone).usage?.output).toBe(3);
    const both = decodeStream(sse(hello, { ...FINISH, usage: USAGE, x_groq: { id: 'req', usage: USAGE } }));
    expect(types(both).filter((type) => type === 'usage')).toHaveLength(1);
  });
});

describe('ends', () => {
  test('a finish reason beside content, or beside a tool call', () => {
    expect(types(decodeStream(sse(chunk({ content: 'Hi' }, { finish_reason: 'stop' }))))).toEqual([
      'start',
      'part-start',
      'part-delta',
      'part-end',
      'stop',
      'end',
    ]);
    const calls = [{ id: 'a', function: { name: 'f', arguments: '{}' } }];
    const events = decodeStream(sse(chunk({ tool_calls: calls }, { finish_reason: 'tool_calls' })));
    expect(collect(events).candidates[0]).toMatchObject({
      parts: [{ arguments: '{}' }],
      stop: { reason: 'tool-calls' },
    });
  });

  test('without [DONE], a stop is the end; without a stop, there is none', () => {
    expect(types(decodeStream(sse(ROLE, hello, FINISH))).at(-1)).toBe('end');
    expect(types(decodeStream(sse(ROLE, hello)))).toEqual(['start', 'part-start', 'part-delta', 'part-end']);
    expect(decodeStream(Buffer.alloc(0))).toEqual([]);
  });

  test('a finish reason that is empty is none, and a second one changes nothing', () => {
    const blank = chunk({ content: 'a' }, { finish_reason: '' });
    const events = decodeStream(sse(blank, FINISH, chunk({}, { finish_reason: 'length' }), DONE));
    expect(events.filter(({ type }) => type === 'stop')).toEqual([
      { type: 'stop', candidate: 0, stop: { reason: 'stop', raw: { dialect: 'openai-chat', value: 'stop' } } },
    ]);
  });

  test('a call that was forced ends with stop: it is a call all the same', () => {
    const calls = [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }];
    const stop = decodeStream(sse(chunk({ tool_calls: calls }), FINISH)).find(({ type }) => type === 'stop');
    expect(stop).toMatchObject({ stop: { reason: 'tool-calls', raw: { value: 'stop' } } });
  });
});

describe('first chunks', () => {
  test('without choices, with what Azure’s filter says of the prompt', () => {
    const filter = {
      choices: [],
      created: 0,
      id: '',
      model: '',
      object: '',
      prompt_filter_results: [{ prompt_index: 0 }],
    };
    const events = decodeStream(sse(filter, ROLE, hello, FINISH, DONE));
    expect(types(events).slice(0, 2)).toEqual(['opaque', 'start']);
    expect(events[0]).toEqual({ type: 'opaque', dialect: 'openai-chat', value: filter });
    expect(collect(events)).toMatchObject({ id: 'chatcmpl-1', model: 'm' });
  });

  test('with content in them', () => {
    expect(parts(decodeStream(sse(chunk({ role: 'assistant', content: 'Hi' }), FINISH)))).toEqual([
      { type: 'text', text: 'Hi' },
    ]);
  });
});

describe('errors inside a stream', () => {
  const ended = (...frames: Parameters<typeof sse>): ChatEvent | undefined => decodeStream(sse(...frames)).at(-1);

  test('a frame of its own (OpenAI), after which nothing comes', () => {
    const error = { error: { message: 'Overloaded', type: 'server_error', param: null, code: null } };
    const events = decodeStream(sse(ROLE, hello, error, FINISH, DONE));
    expect(types(events)).toEqual(['start', 'part-start', 'part-delta', 'error']);
    expect(events.at(-1)).toEqual({ type: 'error', status: 500, message: 'Overloaded', errorType: 'server_error' });
  });

  test('event: error (Groq)', () => {
    const error = {
      message: 'Failed to call a function.',
      type: 'invalid_request_error',
      code: 'tool_use_failed',
      status_code: 400,
    };
    expect(ended(hello, `event: error\ndata: ${JSON.stringify({ error })}`, DONE)).toEqual({
      type: 'error',
      status: 400,
      message: 'Failed to call a function.',
      errorType: 'invalid_request_error',
      code: 'tool_use_failed',
    });
    expect(ended(hello, 'event: error\ndata: no JSON at all')).toMatchObject({
      type: 'error',
      message: 'no JSON at all',
    });
  });

  test('beside or inside a choice (OpenRouter), before its [DONE]', () => {
    const choice = { finish_reason: 'error', native_finish_reason: 'error' };
    const error = { code: 502, message: 'Provider disconnected' };
    const expected = { type: 'error', status: 502, message: 'Provider disconnected', code: '502' };
    expect(ended(hello, chunk({ content: '' }, choice, { error }), DONE)).toEqual(expected);
    expect(ended(hello, chunk({ content: '' }, { ...choice, error }), DONE)).toEqual(expected);
    expect(ended(hello, chunk({}, choice), DONE)).toMatchObject({ type: 'error', status: 502 });
  });

  test('a bare message (older vLLM), a text (Ollama)', () => {
    expect(ended({ object: 'error', message: 'too long', type: 'BadRequestError', code: 400 })).toMatchObject({
      status: 400,
      message: 'too long',
    });
    expect(ended({ error: 'model not found' })).toMatchObject({ type: 'error', message: 'model not found' });
  });

  test('a line that is no event (vLLM) is nobody’s answer: the stream just ends', () => {
    expect(types(decodeStream(sse(ROLE, hello, 'error: {"message": "broken"}')))).toEqual([
      'start',
      'part-start',
      'part-delta',
      'part-end',
    ]);
  });
});

describe('what is no chunk', () => {
  test.each(['{"choices":[', '[]', '"text"', '1', '{"choices":[1]}'])('%s is refused', (data) => {
    expect(thrown(() => decodeStream(sse(`data: ${data}`))).code).toBe('GW_UPSTREAM_INVALID');
  });

  test('an object of another kind is kept as it is', () => {
    expect(decodeStream(sse('event: ping\ndata: {"type":"ping"}'))).toEqual([
      { type: 'opaque', dialect: 'openai-chat', event: 'ping', value: { type: 'ping' } },
    ]);
  });
});
