/** Requests for transcripts in the neutral form and back, and the answers of the API in every format. */
import type { JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { dropping, json, refusing, thrown } from '../wire.test.kit.ts';
import { transcriptionsCodec, translationsCodec } from './transcription-codec.ts';

const file = { $file: 0, filename: 'a.wav', contentType: 'audio/wav', size: 3 };
const fields = {
  model: 'whisper',
  language: 'en',
  prompt: 'Ada',
  response_format: 'verbose_json',
  temperature: '0.5',
  'timestamp_granularities[]': ['word', 'segment'],
  stream: 'true',
  'chunking_strategy[type]': 'server_vad',
  file,
};
const decode = (value: JsonObject) => transcriptionsCodec.decodeRequest(value, { headers: {} });
const outline = (value: unknown) => outlineOf(Buffer.from(JSON.stringify(value)), 64);

describe('a request', () => {
  test('is the same again; what was a text may be a number now', () => {
    expect(decode(fields)).toEqual({
      model: 'whisper',
      file,
      language: 'en',
      prompt: 'Ada',
      format: 'verbose_json',
      temperature: 0.5,
      timestamps: ['word', 'segment'],
      stream: true,
      rest: { dialect: 'openai-transcriptions', fields: { 'chunking_strategy[type]': 'server_vad' } },
    });
    const again = transcriptionsCodec.encodeRequest(decode(fields), { ...refusing, model: 'whisper' });
    expect(json(again)).toEqual({ ...fields, temperature: 0.5, stream: true });
  });

  test.each([
    ['no file', { file: undefined }, 'file'],
    ['a text as its file', { file: 'a.wav' }, 'file'],
    ['two files', { file: [file, file] }, 'file'],
    ['two models', { model: ['a', 'b'] }, 'model'],
    ['a file as its model', { model: file }, 'model'],
    ['two languages', { language: ['en', 'de'] }, 'language'],
    ['a temperature that is no number', { temperature: 'hot' }, 'temperature'],
    ['a stream that is neither', { stream: 'maybe' }, 'stream'],
    ['a file among its times', { 'timestamp_granularities[]': [file] }, 'timestamp_granularities'],
  ])('with %s is refused', (_what, change, param) => {
    const wrong = json({ ...fields, ...change }) as JsonObject;
    expect(thrown(() => decode(wrong))).toMatchObject({ code: 'GW_BAD_REQUEST', details: { param } });
  });

  test('tells its model and whether a stream is wanted', () => {
    const head = (value: JsonObject) => transcriptionsCodec.readHead(outline(value));
    expect(head({ model: 'a', stream: 'true' })).toEqual({ model: 'a', stream: true });
    expect(head({ model: 'a', stream: 'false' })).toEqual({ model: 'a', stream: false });
    expect(head({ file })).toEqual({ stream: false });
    expect(thrown(() => head({ model: ['a', 'b'] }))).toMatchObject({ details: { param: 'model' } });
  });

  test('of another dialect loses what only that has, and says so', () => {
    const context = dropping('whisper');
    transcriptionsCodec.encodeRequest(
      { model: 'x', file, stream: false, rest: { dialect: 'other', fields: { tier: 1 } } },
      context,
    );
    expect(context.dropped).toEqual(['tier']);
  });
});

describe('an answer', () => {
  const verbose = {
    task: 'transcribe',
    language: 'english',
    duration: 8.47,
    text: 'Hi.',
    words: [{ word: 'Hi', start: 0, end: 1 }],
    usage: { type: 'duration', seconds: 9 },
  };

  test.each([
    ['plain JSON', { text: 'Hi.' }],
    [
      'JSON with tokens',
      { text: 'Hi.', usage: { type: 'tokens', input_tokens: 3, output_tokens: 1, total_tokens: 4 } },
    ],
    ['verbose JSON', verbose],
    ['verbose JSON without usage', { text: 'Hi.', language: 'english', duration: 8.47 }],
    ['JSON with speakers', { task: 'transcribe', duration: 1, text: 'Hi.', segments: [{ speaker: 'A', text: 'Hi.' }] }],
  ])('in %s is the same again', (_what, body) => {
    expect(json(transcriptionsCodec.encodeResponse(transcriptionsCodec.decodeResponse(body), refusing))).toEqual(body);
    expect(json(translationsCodec.encodeResponse(translationsCodec.decodeResponse(body), refusing))).toEqual(body);
  });

  test('in text or subtitles is its text', () => {
    const answer = { contentType: 'text/vtt', bytes: Buffer.from('WEBVTT\n\nHellö') };
    const decoded = transcriptionsCodec.raw?.decode(answer);
    expect(decoded).toEqual({ contentType: 'text/vtt', text: 'WEBVTT\n\nHellö' });
    expect(decoded && transcriptionsCodec.raw?.encode(decoded)).toEqual(answer);
    expect(transcriptionsCodec.raw?.encode({ text: 'JSON' })).toBeUndefined();
  });

  test.each([
    [verbose, { units: { seconds: 9 } }],
    [{ ...verbose, usage: undefined }, { units: { seconds: 8.47 } }],
    [{ ...verbose, usage: undefined, duration: '3.5' }, { units: { seconds: 3.5 } }],
    [
      {
        text: 'Hi.',
        usage: { type: 'tokens', input_tokens: 9, input_token_details: { audio_tokens: 7 }, output_tokens: 2 },
      },
      { input: 2, audioInput: 7, output: 2 },
    ],
    [
      { text: 'Hi.', usage: { input_tokens: 5, input_token_details: { audio_tokens: 7 } } },
      { input: 0, audioInput: 5 },
    ],
  ])('%j is billed by %j', (body, expected) => {
    expect(transcriptionsCodec.summarize(outline(body)).usage).toMatchObject(expected);
  });

  test('that tells nothing is billed by nothing, and an error is one', () => {
    expect(transcriptionsCodec.summarize(outline({ text: 'Hi.', usage: 'much', duration: 'long' }))).toEqual({});
    expect(transcriptionsCodec.summarize(outline({ error: { message: 'no' } })).error?.message).toBe('no');
    expect(thrown(() => transcriptionsCodec.decodeResponse({ words: [] }))).toMatchObject({
      code: 'GW_UPSTREAM_INVALID',
    });
  });
});
