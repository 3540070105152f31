/** Speech: what comes is what the API would give, and always the same. */
import { describe, expect, test } from 'vitest';
import { ask, eventsIn } from './rig.test.kit.ts';
import { wavOf } from './wav.ts';

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
