/** Sound, transcripts and images made from images: what comes is what the API would give, and always the same. */
import { describe, expect, test } from 'vitest';
import { ask, eventsIn } from './rig.test.kit.ts';
import { wavOf } from './wav.ts';

const FILE = { $file: 0, filename: 'talk.mp3', contentType: 'audio/mpeg', size: 160_000 };

describe('speech', () => {
  const body = { model: 'sim', input: 'Hello there', voice: 'alloy' };

  test('is a WAV whose length is that of the text', async () => {
    const { status, headers, chunks } = await ask({ operation: 'speech', body });
    const sound = Buffer.concat(chunks);
    expect([status, headers['content-type']]).toEqual([200, 'audio/wav']);
    expect([sound.toString('latin1', 0, 4), sound.toString('latin1', 8, 16)]).toEqual(['RIFF', 'WAVEfmt ']);
    expect(sound.readUInt32LE(4)).toBe(sound.length - 8);
    // 8,000 samples a second, 50 ms for each of 11 characters.
    expect(sound.readUInt32LE(24)).toBe(8_000);
    expect(sound.readUInt32LE(40)).toBe(4_400);
    expect(sound.length).toBe(44 + 4_400);
    expect(new Set(sound.subarray(44)).size).toBeGreaterThan(50);
  });

  test('comes as events with the same bytes, and usage in the last', async () => {
    const whole = Buffer.concat((await ask({ operation: 'speech', body })).chunks);
    const { text, headers } = await ask({ operation: 'speech', body: { ...body, stream_format: 'sse' } });
    const events = eventsIn(text).map(
      (event) => JSON.parse(event) as { type: string; audio?: string; usage?: unknown },
    );
    expect(headers['content-type']).toMatch(/^text\/event-stream/);
    expect(Buffer.concat(events.map(({ audio = '' }) => Buffer.from(audio, 'base64'))).equals(whole)).toBe(true);
    const usage = {
      input_tokens: expect.any(Number) as number,
      output_tokens: 11,
      total_tokens: expect.any(Number) as number,
    };
    expect(events.at(-1)).toEqual({ type: 'speech.audio.done', usage });
  });

  test.each([
    ['no text', { ...body, input: '' }],
    ['a text that is too long', { ...body, input: 'x'.repeat(4_097) }],
  ])('of %s is refused', async (_what, body) => {
    expect(await ask({ operation: 'speech', body })).toMatchObject({ status: 400 });
  });

  test('may break off, when it is told to', async () => {
    const { chunks, error } = await ask({ operation: 'speech', body: { ...body, model: 'cut-mid-event' } });
    expect(Buffer.concat(chunks).length).toBeLessThan(4_444);
    expect(error).toMatchObject({ code: 'GW_UPSTREAM_CUT' });
  });
});

test('a sound has an even number of bytes, of which the last may not count', () => {
  const sound = wavOf(0.125 * 3, 440);
  expect([sound.length, sound.readUInt32LE(4), sound.readUInt32LE(40)]).toEqual([48, 40, 3]);
});

describe('a transcript', () => {
  const words = 'This is a simulated transcript of the file talk.mp3; nobody has listened to it.';
  const transcribe = (more: object) => ask({ operation: 'transcription', body: { model: 'sim', file: FILE, ...more } });

  test.each([
    ['text', /^text\/plain/, `${words}\n`],
    ['srt', /^text\/plain/, `1\n00:00:00,000 --> 00:00:10,000\n${words}\n\n`],
    ['vtt', /^text\/vtt/, `WEBVTT\n\n00:00:00.000 --> 00:00:10.000\n${words}\n\n`],
  ])('comes in %s', async (format, type, expected) => {
    const { text, headers } = await transcribe({ response_format: format });
    expect(headers['content-type']).toMatch(type);
    expect(text).toBe(expected);
  });

  test('comes as JSON with its tokens, or verbose with its seconds', async () => {
    const usage = { type: 'tokens', input_tokens: 100, input_token_details: { text_tokens: 0, audio_tokens: 100 } };
    expect(JSON.parse((await transcribe({})).text)).toMatchObject({ text: words, usage });
    expect(JSON.parse((await transcribe({ response_format: 'verbose_json' })).text)).toEqual({
      task: 'transcribe',
      language: 'english',
      duration: 10,
      text: words,
      segments: [{ id: 0, start: 0, end: 10, text: words }],
      usage: { type: 'duration', seconds: 10 },
    });
  });

  test('comes as events that add up to the text', async () => {
    const { text } = await transcribe({ stream: 'true' });
    const events = eventsIn(text).map((event) => JSON.parse(event) as { type: string; delta?: string; text?: string });
    expect(events.map(({ delta = '' }) => delta).join('')).toBe(words);
    expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: words, usage: { type: 'tokens' } });
  });

  test('is refused without a file, and in a format that is none', async () => {
    expect(await transcribe({ file: 'talk.mp3' })).toMatchObject({ status: 400 });
    expect(await transcribe({ response_format: 'xml' })).toMatchObject({ status: 400 });
  });

  test('in English is not streamed', async () => {
    const body = { model: 'sim', file: FILE, stream: 'true' };
    expect(JSON.parse((await ask({ operation: 'translation', body })).text)).toMatchObject({ text: words });
  });
});

describe('an image made from an image', () => {
  const image = { ...FILE, filename: '1.png', contentType: 'image/png' };

  test('is a picture for each that was asked for', async () => {
    const body = { model: 'sim', prompt: 'a hat', n: '2', 'image[]': [image, image] };
    const { text } = await ask({ operation: 'image-edit', body });
    expect((JSON.parse(text) as { data: unknown[] }).data).toHaveLength(2);
    const variation = await ask({ operation: 'image-variation', body: { model: 'sim', image } });
    expect((JSON.parse(variation.text) as { data: unknown[] }).data).toHaveLength(1);
  });

  test('comes as events of its own names', async () => {
    const body = { model: 'sim', prompt: 'a hat', image, stream: 'true', partial_images: '1' };
    const types = eventsIn((await ask({ operation: 'image-edit', body })).text).map(
      (event) => (JSON.parse(event) as { type: string }).type,
    );
    expect(types).toEqual(['image_edit.partial_image', 'image_edit.completed']);
  });

  test('is refused without one', async () => {
    expect(await ask({ operation: 'image-edit', body: { model: 'sim', prompt: 'a hat' } })).toMatchObject({
      status: 400,
    });
    expect(await ask({ operation: 'image-variation', body: { model: 'sim' } })).toMatchObject({ status: 400 });
  });
});
