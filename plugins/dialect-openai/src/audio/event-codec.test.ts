/** Streams of sound and transcript, decoded and encoded again. */
import type { ChatEvent, JsonObject, StreamCodec } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { decodeStream, DONE, dropping, framesOf, sse } from '../wire.test.kit.ts';
import { eventStream } from './event-codec.ts';
import { speechEvents, transcriptEvents } from './event-form.ts';

const transcripts = eventStream(transcriptEvents);
const sounds = eventStream(speechEvents);

function encode(codec: StreamCodec<'speech'>, events: readonly ChatEvent[]): JsonObject[] {
  const encoder = codec.encoder({ ...dropping(''), usage: true, requestId: 'r' });
  return framesOf(events.map((event) => encoder.push(event)).join(''));
}

const usage = { type: 'tokens', input_tokens: 14, output_tokens: 3, total_tokens: 17 };
const events = [
  { type: 'transcript.text.delta', delta: 'Hello ', logprobs: [{ token: 'Hello', logprob: -0.1 }] },
  { type: 'transcript.text.delta', delta: 'there' },
  { type: 'transcript.text.segment', id: 's', text: 'Hello there', start: 0, end: 1 },
  { type: 'transcript.text.done', text: 'Hello there', languages: ['en'], usage },
];

describe('a transcript', () => {
  test('is the text of a first part', () => {
    const decoded = decodeStream(sse(...events, DONE), transcripts.decoder());
    expect(decoded.map(({ type }) => type)).toEqual([
      'start',
      'part-start',
      'part-delta',
      'part-delta',
      'opaque',
      'part-end',
      'stop',
      'usage',
      'end',
    ]);
    expect(decoded.flatMap((event) => (event.type === 'part-delta' ? [event.delta] : []))).toEqual([
      { kind: 'text', text: 'Hello ' },
      { kind: 'text', text: 'there' },
    ]);
  });

  test('is the same again', () => {
    expect(encode(transcripts, decodeStream(sse(...events, DONE), transcripts.decoder()))).toEqual(events);
  });

  test('without deltas still begins, and one that was cut has no last event', () => {
    const [first] = events;
    const whole = decodeStream(sse({ type: 'transcript.text.done', text: '' }), transcripts.decoder());
    expect(whole.map(({ type }) => type)).toEqual(['start', 'part-start', 'part-end', 'stop']);
    const cut = decodeStream(sse(first as JsonObject), transcripts.decoder());
    expect(encode(transcripts, [...cut, { type: 'end' }])).toEqual([first]);
  });

  test('of another kind of answer has only its text', () => {
    const other: ChatEvent[] = [
      { type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'reasoning', text: 'hm' } },
      { type: 'opaque', dialect: 'other', value: {} },
      { type: 'ping' },
    ];
    expect(encode(transcripts, other)).toEqual([{ type: 'transcript.text.delta', delta: '' }]);
  });

  test('that breaks tells its error', () => {
    const frame = { error: { message: 'overloaded', type: 'server_error', code: 'x', status: 503 } };
    expect(decodeStream(sse(frame), transcripts.decoder())).toEqual([
      { type: 'error', status: 503, message: 'overloaded', errorType: 'server_error', code: 'x' },
    ]);
    expect(decodeStream(sse('event: error\ndata: gone'), transcripts.decoder())).toMatchObject([
      { type: 'error', message: 'gone' },
    ]);
    expect(() => decodeStream(sse('data: 3'), transcripts.decoder())).toThrow('object');
  });
});

test('a sound is the same again, and its usage is written from counts where the block is of another dialect', () => {
  const sound = [
    { type: 'speech.audio.delta', audio: 'UklGRg==' },
    { type: 'speech.audio.done', usage: { input_tokens: 5, output_tokens: 90, total_tokens: 95 } },
  ];
  const decoded = decodeStream(sse(...sound, DONE), sounds.decoder());
  expect(encode(sounds, decoded)).toEqual(sound);
  const foreign = decoded.map((event): ChatEvent => {
    if (event.type !== 'usage') return event;
    return { type: 'usage', usage: { ...event.usage, raw: { dialect: 'other', value: {} } } };
  });
  expect(encode(sounds, foreign)[1]).toEqual({
    type: 'speech.audio.done',
    usage: {
      type: 'tokens',
      input_tokens: 5,
      input_token_details: { text_tokens: 5, audio_tokens: 0 },
      output_tokens: 90,
      total_tokens: 95,
    },
  });
});
