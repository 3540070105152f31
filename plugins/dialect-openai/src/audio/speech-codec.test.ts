/** Requests for speech in the neutral form and back, and what a sound is. */
import type { JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { dropping, json, refusing, thrown } from '../wire.test.kit.ts';
import { speechCodec } from './speech-codec.ts';

const body = {
  model: 'tts',
  input: 'Hello',
  voice: 'alloy',
  response_format: 'opus',
  speed: 1.5,
  instructions: 'Whisper.',
  stream_format: 'sse',
  house_field: [1],
};
const decode = (value: JsonObject) => speechCodec.decodeRequest(value, { headers: {} });
const outline = (value: unknown) => outlineOf(Buffer.from(JSON.stringify(value)), 64);

describe('a request', () => {
  test('is the same again, whatever is in it', () => {
    expect(decode(body)).toEqual({
      model: 'tts',
      input: 'Hello',
      voice: 'alloy',
      format: 'opus',
      speed: 1.5,
      instructions: 'Whisper.',
      stream: true,
      rest: { dialect: 'openai-speech', fields: { house_field: [1] } },
    });
    expect(json(speechCodec.encodeRequest(decode(body), { ...refusing, model: 'tts' }))).toEqual(body);
    const custom = { model: 'tts', input: 'x', voice: { id: 'voice_1' } };
    expect(json(speechCodec.encodeRequest(decode(custom), { ...refusing, model: 'tts' }))).toEqual(custom);
  });

  test.each([
    ['no input', { ...body, input: undefined }, 'input'],
    ['an input that is no text', { ...body, input: ['x'] }, 'input'],
    ['a voice that is neither a name nor an id', { ...body, voice: 3 }, 'voice'],
    ['a voice without an id', { ...body, voice: {} }, 'voice'],
    ['a speed that is a text', { ...body, speed: 'fast' }, 'speed'],
    ['no model', { ...body, model: undefined }, 'model'],
  ])('with %s is refused', (_what, value, param) => {
    expect(thrown(() => decode(json(value) as JsonObject))).toMatchObject({
      code: 'GW_BAD_REQUEST',
      details: { param },
    });
  });

  test('tells its model and whether events are wanted, and is given the model of the target alone', () => {
    expect(speechCodec.readHead(outline(body))).toEqual({ model: 'tts', stream: true });
    expect(speechCodec.readHead(outline({ model: 'tts', stream: true }))).toEqual({ model: 'tts', stream: false });
    const { edits } = speechCodec.editRequest(outline({ model: 'a', stream: true }), { model: 'b', usage: true });
    expect(edits.map(({ text }) => text)).toEqual(['"b"']);
  });

  test('of another dialect loses what only that has, and says so', () => {
    const context = dropping('tts');
    const rest = { dialect: 'other', fields: { pitch: 2 } };
    speechCodec.encodeRequest({ model: 'x', input: 'Hi', stream: false, rest }, context);
    expect(context.dropped).toEqual(['pitch']);
  });
});

describe('an answer', () => {
  test('is bytes of a type, and is billed by the characters that were spoken', () => {
    const bytes = Buffer.from('ID3');
    expect(speechCodec.raw?.decode({ contentType: 'audio/mpeg', bytes })).toEqual({
      contentType: 'audio/mpeg',
      audio: bytes,
    });
    expect(speechCodec.raw?.encode({ contentType: 'audio/mpeg', audio: bytes })).toEqual({
      contentType: 'audio/mpeg',
      bytes,
    });
    expect(speechCodec.raw?.usage?.({ model: 'x', input: 'aä👋', stream: false })).toMatchObject({
      units: { characters: 3 },
    });
  });

  test('that is JSON is an error, or no sound', () => {
    expect(speechCodec.summarize(outline({ error: { message: 'no' } })).error?.message).toBe('no');
    expect(speechCodec.summarize(outline({ ok: true }))).toEqual({});
    expect(thrown(() => speechCodec.decodeResponse({}))).toMatchObject({ code: 'GW_UPSTREAM_INVALID' });
  });
});
