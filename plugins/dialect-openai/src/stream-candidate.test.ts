/** What the deltas of a stream bring besides text, server by server. */
import { describe, expect, test } from 'vitest';
import { collect, type ChatEvent, type Part } from '@gatewright/core';
import { chunk, decodeStream, DONE, FINISH, ROLE, sse } from './wire.test.kit.ts';

const types = (events: readonly ChatEvent[]): string[] => events.map(({ type }) => type);
const parts = (events: readonly ChatEvent[]): readonly Part[] => collect(events).candidates[0]?.parts ?? [];
const hello = chunk({ content: 'Hello' });

describe('reasoning', () => {
  test.each(['reasoning_content', 'reasoning'])('in %s', (key) => {
    const events = decodeStream(sse(chunk({ [key]: 'Hm', content: null }), chunk({ [key]: '.' }), hello, FINISH));
    expect(parts(events)).toMatchObject([
      { type: 'reasoning', text: 'Hm.', origin: 'openai-chat' },
      { type: 'text', text: 'Hello' },
    ]);
    expect(types(events).filter((type) => type === 'part-end')).toHaveLength(2);
  });

  test('in both fields at once is read once', () => {
    const both = chunk({ reasoning: 'Hm', reasoning_content: 'Hm' });
    expect(parts(decodeStream(sse(both, hello, FINISH)))[0]).toMatchObject({ text: 'Hm' });
  });

  test('as parts of the content (Mistral)', () => {
    const think = (text: string) => chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] });
    const events = decodeStream(
      sse(think('Hm'), think('.'), chunk({ content: [{ type: 'text', text: '4' }] }), FINISH),
    );
    expect(parts(events)).toMatchObject([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: '4' },
    ]);
  });

  test('content parts of other types are kept whole', () => {
    const reference = { type: 'reference', reference_ids: [1] };
    const events = decodeStream(sse(chunk({ content: [{ type: 'text', text: 'a' }, reference] }), FINISH));
    expect(parts(events)[1]).toEqual({ type: 'opaque', dialect: 'openai-chat', value: reference });
  });
});

describe('other content', () => {
  test('refusals', () => {
    const events = decodeStream(sse(ROLE, chunk({ refusal: 'I ' }), chunk({ refusal: 'cannot.' }), FINISH));
    expect(parts(events)).toEqual([{ type: 'refusal', text: 'I cannot.' }]);
  });

  test('sound, with its id, its words and when it expires', () => {
    const events = decodeStream(
      sse(
        chunk({ audio: { id: 'audio_1', transcript: 'Hi' } }),
        chunk({ audio: { data: 'AAAA' } }),
        chunk({ audio: { data: 'BBBB', transcript: ' there' } }),
        chunk({ audio: { expires_at: 9 } }),
        FINISH,
      ),
    );
    expect(parts(events)).toMatchObject([
      { type: 'audio', source: { data: 'AAAABBBB' }, transcript: 'Hi there', rest: { fields: { id: 'audio_1' } } },
    ]);
    expect(events.findLast((event) => event.type === 'part-delta')).toMatchObject({
      delta: { kind: 'audio', rest: { fields: { expires_at: 9 } } },
    });
  });

  test('annotations are citations of the text', () => {
    const item = {
      type: 'url_citation',
      url_citation: { url: 'https://a.example', title: 'A', start_index: 0, end_index: 5 },
    };
    const events = decodeStream(sse(hello, chunk({ annotations: [item] }), FINISH));
    expect(parts(events)).toEqual([
      { type: 'text', text: 'Hello', citations: { dialect: 'openai-chat', items: [item] } },
    ]);
  });

  test('log probabilities go with the text that they are of', () => {
    const logprobs = { content: [{ token: 'Hello', logprob: -0.1, bytes: null, top_logprobs: [] }], refusal: null };
    const events = decodeStream(sse(ROLE, chunk({ content: 'Hello' }, { logprobs }), FINISH));
    expect(events.find(({ type }) => type === 'part-delta')).toMatchObject({ logprobs: { content: logprobs.content } });
    expect(collect(events).candidates[0]?.logprobs).toEqual({ content: logprobs.content });
  });

  test('log probabilities of a token without text are not lost', () => {
    const logprobs = { content: [{ token: '', logprob: -0.1 }] };
    const events = decodeStream(sse(ROLE, chunk({ content: '' }, { logprobs }), FINISH));
    expect(collect(events).candidates[0]).toMatchObject({ parts: [{ type: 'text', text: '' }], logprobs });
  });

  test('several candidates, in turns', () => {
    const of = (index: number, content: string) => chunk({ content }, { index });
    const end = (index: number) => chunk({}, { index, finish_reason: 'stop' });
    const { candidates } = collect(
      decodeStream(sse(of(0, 'a'), of(1, 'x'), of(0, 'b'), end(1), of(0, 'c'), end(0), DONE)),
    );
    expect(candidates.map(({ index, parts }) => [index, parts])).toEqual([
      [0, [{ type: 'text', text: 'abc' }]],
      [1, [{ type: 'text', text: 'x' }]],
    ]);
  });

  test('what a delta has to say of itself is not overwritten by what its chunk says', () => {
    const custom = (input: string, more = {}) =>
      chunk({ tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'sh', input } }] }, {}, more);
    const events = decodeStream(sse(custom(''), custom('ls', { provider: 'x' }), FINISH));
    expect(events.find(({ type }) => type === 'part-delta')).toMatchObject({ rest: { fields: { $input: 'ls' } } });
    expect(events.filter(({ type }) => type === 'opaque')).toHaveLength(1);
  });

  test('what only one server says goes with the delta, or alone where there is none', () => {
    const filtered = chunk(
      { content: 'a' },
      { content_filter_results: { hate: { filtered: false } } },
      { provider: 'x' },
    );
    const last = chunk({}, { finish_reason: 'stop', native_finish_reason: 'end' }, { provider: 'x', citations: ['u'] });
    const events = decodeStream(sse(ROLE, filtered, last, DONE));
    expect(events.find(({ type }) => type === 'part-delta')).toMatchObject({
      rest: {
        fields: { $chunk: { provider: 'x' }, $choice: { content_filter_results: { hate: { filtered: false } } } },
      },
    });
    expect(events.filter(({ type }) => type === 'opaque')).toEqual([
      {
        type: 'opaque',
        dialect: 'openai-chat',
        value: {
          choices: [{ index: 0, delta: {}, finish_reason: null, native_finish_reason: 'end' }],
          citations: ['u'],
        },
      },
    ]);
  });
});
