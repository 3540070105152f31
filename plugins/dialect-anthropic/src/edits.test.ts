/** Heads, edits and summaries, read off the bytes. */
import { applyEdits, outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { codec } from './wire.test.kit.ts';

const outline = (text: string): ReturnType<typeof outlineOf> => outlineOf(Buffer.from(text));

test.each([
  ['{"model":"a","stream":true}', { model: 'a', stream: true }],
  ['{"stream":false,"model":"a"}', { model: 'a', stream: false }],
  ['{"messages":[{"model":"b","stream":true}]}', { stream: false }],
  ['{"model":7,"stream":"true"}', { stream: false }],
])('the head of %s', (text, head) => {
  expect(codec.readHead(outline(text))).toEqual(head);
});

describe('the model of a request', () => {
  const edited = (text: string, model: string): string => {
    const body = outline(text);
    const { edits, usageInjected } = codec.editRequest(body, { model, usage: true });
    expect(usageInjected).toBe(false);
    return applyEdits(body.bytes, edits).toString('utf8');
  };

  test('is patched where it stands, and nothing else is', () => {
    expect(edited('{ "messages":[{"model":"x"}] , "model" : "smart" ,"max_tokens":1 }', 'claude-ü')).toBe(
      '{ "messages":[{"model":"x"}] , "model" : "claude-ü" ,"max_tokens":1 }',
    );
  });

  test('that is right already needs no edit, however it is written', () => {
    expect(codec.editRequest(outline('{"model":"\\u0061"}'), { model: 'a', usage: true }).edits).toEqual([]);
  });

  test('that is missing is put in', () => {
    expect(edited('{"max_tokens":1}', 'a')).toBe('{"model":"a","max_tokens":1}');
    expect(edited('{ }', 'a')).toBe('{"model":"a" }');
  });
});

test('the model that an answer reports', () => {
  const body = outline('{"model":"claude-x-2026","id":"m","content":[{"type":"fallback","from":{"model":"q"}}]}');
  expect(applyEdits(body.bytes, codec.editResponse(body, { model: 'smart' })).toString('utf8')).toBe(
    '{"model":"smart","id":"m","content":[{"type":"fallback","from":{"model":"q"}}]}',
  );
  expect(codec.editResponse(body, { model: 'claude-x-2026' })).toEqual([]);
});

describe('summaries', () => {
  test('of an answer', () => {
    const text =
      '{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"a"}],' +
      '"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal"},"usage":{"input_tokens":1,"output_tokens":2}}';
    expect(codec.summarize(outline(text))).toEqual({
      id: 'msg_1',
      model: 'c',
      usage: expect.objectContaining({ input: 1, output: 2 }) as unknown,
      stop: {
        reason: 'refusal',
        raw: { dialect: 'anthropic-messages', value: 'refusal' },
        rest: { dialect: 'anthropic-messages', fields: { stop_details: { type: 'refusal' } } },
      },
    });
  });

  test('of an error under a status of success', () => {
    expect(codec.summarize(outline('{"type":"error","error":{"type":"overloaded_error","message":"busy"}}'))).toEqual({
      error: { status: 529, type: 'overloaded_error', message: 'busy' },
    });
    expect(codec.summarize(outline('{"type":"error"}')).error?.status).toBe(500);
  });

  test('of something else', () => {
    expect(codec.summarize(outline('{"hello":"world"}'))).toEqual({});
  });
});
