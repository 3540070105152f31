/** What the observer sees in streams of sound and transcript. */
import { Sight } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { DONE, eachFrame, sse } from '../wire.test.kit.ts';
import { speechEvents, transcriptEvents, type EventForm } from './event-form.ts';
import { EventObserver } from './event-observer.ts';

const WORDS = Object.entries(Sight).filter(([, bit]) => bit !== 0);

function observe(form: EventForm, bytes: Buffer) {
  const observer = new EventObserver(form);
  const sights: string[] = [];
  eachFrame(bytes, (frame) => {
    const sight = observer.see(frame);
    sights.push(WORDS.flatMap(([word, bit]) => (sight & bit ? [word] : [])).join('+'));
  });
  return { sights, summary: observer.summary };
}

const delta = { type: 'transcript.text.delta', delta: 'Hi', logprobs: [] };
const usage = {
  type: 'tokens',
  input_tokens: 14,
  input_token_details: { text_tokens: 4, audio_tokens: 10 },
  output_tokens: 3,
  total_tokens: 17,
};
const done = { type: 'transcript.text.done', text: 'Hi', usage };

describe('a transcript', () => {
  test('has content, a stop with usage, and sometimes an end', () => {
    const { sights, summary } = observe(transcriptEvents, sse(delta, delta, done, DONE));
    expect(sights).toEqual(['CONTENT', 'CONTENT', 'CONTENT+STOP', 'END']);
    expect(summary).toMatchObject({ stop: { reason: 'stop' }, usage: { input: 4, audioInput: 10, output: 3 } });
    expect(summary.usage?.raw).toEqual({ dialect: 'openai-transcriptions', value: usage });
  });

  test('may be empty, and may have segments, events nobody knows, and no usage', () => {
    expect(observe(transcriptEvents, sse({ type: 'transcript.text.done', text: '' }))).toEqual({
      sights: ['CONTENT+STOP'],
      summary: { stop: { reason: 'stop' } },
    });
    const events = sse({ type: 'transcript.text.segment', text: 'Hi' }, { ping: 1 }, 'data: ', ': comment');
    expect(observe(transcriptEvents, events).sights).toEqual(['CONTENT', '', '']);
  });

  test.each([
    ['an error in its data', { error: { message: 'overloaded', type: 'server_error' } }],
    ['an event that is called one', 'event: error\ndata: {"message":"overloaded"}'],
    ['an error that is no JSON', 'event: error\ndata: overloaded'],
  ])('that breaks with %s says so', (_what, frame) => {
    const { sights, summary } = observe(transcriptEvents, sse(delta, frame));
    expect(sights).toEqual(['CONTENT', 'ERROR']);
    expect(summary.error?.message).toBe('overloaded');
  });

  test.each(['data: {"type":"transcript.text.delta","delta":"H', 'data: 3', 'data: null'])(
    '%s is malformed',
    (frame) => {
      expect(observe(transcriptEvents, sse(frame)).sights).toEqual(['MALFORMED']);
    },
  );
});

test('a sound counts what comes out as sound', () => {
  const end = { type: 'speech.audio.done', usage: { input_tokens: 5, output_tokens: 90, total_tokens: 95 } };
  const { sights, summary } = observe(speechEvents, sse({ type: 'speech.audio.delta', audio: 'UklG' }, end));
  expect(sights).toEqual(['CONTENT', 'CONTENT+STOP']);
  expect(summary.usage).toMatchObject({ input: 5, output: 0, audioOutput: 90 });
});
