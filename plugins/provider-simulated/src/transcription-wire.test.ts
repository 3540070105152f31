/** Transcripts and translations: what comes is what the API would give, and always the same. */
import { describe, expect, test } from 'vitest';
import { ask, eventsIn } from './rig.test.kit.ts';

const FILE = { $file: 0, filename: 'talk.mp3', contentType: 'audio/mpeg', size: 160_000 };

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
