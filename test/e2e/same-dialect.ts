/** The proof that nothing is lost between a client and a provider that speak the same dialect: recorded answers, in every tier and in every kind of pieces. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, essence, type Decoded } from './decoding.ts';
import { framesOf, gatherChunks, openaiMeaning } from './meaning.ts';
import { inlinePlugin, startGateway, type TestGateway } from './gateways.ts';
import {
  readRecordings,
  RECORDINGS_ABSENCE,
  recordingsThere,
  type RecordedDialect,
  type Recording,
} from './recordings.ts';
import { byteByByte, cutBySeed, EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

/** Recordings that somebody broke on purpose; see `recorded-broken.test.ts`. */
export const BROKEN: readonly string[] = ['duplicate-message-start', 'spliced-message-start'];

export const isBroken = ({ name }: Recording): boolean => BROKEN.some((broken) => name.includes(broken));

/** The longest body that is served byte by byte, in bytes, where it passes and where it is read and written. */
const SMALL = 20_000;
const TINY = 3000;

/** Taps that want the neutral form and change nothing: with them every stream is decoded and written event by event. */
export const READER = inlinePlugin('reader', ({ hooks }) => {
  hooks.transform.event.tap('chat', () => ({ event: (event) => [event], end: () => [] }));
  hooks.transform.response.tap('chat', (response) => response);
});

export const MODELS: Readonly<Record<RecordedDialect, string>> = {
  'openai-chat': 'gpt',
  'anthropic-messages': 'claude',
};

/** Lets the upstream answer with a recording, in these pieces. */
export function serve(
  upstream: Upstream,
  { status, stream, body }: Recording,
  pieces: readonly Buffer[] = [body],
  burst = false,
): void {
  upstream.answer({ status, headers: stream ? EVENT_STREAM : JSON_BODY, chunks: pieces ?? [body], burst });
}

/** What passes is the same byte for byte; of a stream whose last frame has no blank line, that is added. */
function expectSameBytes(seen: Decoded, direct: Decoded): void {
  const complete = direct.raw.endsWith('\n\n') || !direct.raw.startsWith('data:');
  expect(seen.raw).toBe(complete ? direct.raw : `${direct.raw}\n\n`);
}

/**
 * What is read and written is the same to the SDK in the end. Servers that only speak the dialect put into their last
 * chunks what OpenAI has nowhere: what is written then means the same, and has OpenAI's form.
 */
function expectSameMeaning(seen: Decoded, direct: Decoded, { dialect, compatible, stream, body }: Recording): void {
  if (dialect === 'openai-chat' && compatible && stream) {
    // An SDK that gave up did not read all of the bytes.
    expect(meaningOfStream(seen.raw)).toEqual(meaningOfStream(body.toString()));
    if (direct.failure === undefined) expect(seen.failure).toBeUndefined();
  } else expect({ final: seen.final, failure: seen.failure }).toEqual({ final: direct.final, failure: direct.failure });
}

const meaningOfStream = (raw: string) => openaiMeaning(gatherChunks(framesOf(raw)));

/** Registers the tests of one dialect's recordings. */
export function testSameDialect(dialect: RecordedDialect): void {
  let upstream: Upstream;
  let passing: TestGateway;
  let reading: TestGateway;
  const recordings = readRecordings().filter((one) => one.dialect === dialect && !isBroken(one));

  beforeAll(async () => {
    upstream = await Upstream.start();
    passing = await startGateway({ upstream: upstream.url });
    reading = await startGateway({ upstream: upstream.url, plugins: [READER] });
  });
  afterAll(async () => {
    await passing.close();
    await reading.close();
    await upstream.stop();
  });

  const named = recordings.map((recording, index): [string, Recording, number] => [
    recording.name,
    recording,
    index + 1,
  ]);

  describe.skipIf(!recordingsThere)(`recorded answers of ${dialect}${RECORDINGS_ABSENCE}`, () => {
    test.each(named)('%s', async (_name, recording, seed) => {
      const { body, stream, status } = recording;
      const ask = (url: string): Promise<Decoded> => decode(dialect, { url, model: MODELS[dialect], stream });
      serve(upstream, recording);
      const direct = await ask(upstream.url);
      const whole = await ask(passing.url);
      expect(essence(whole)).toEqual(essence(direct));
      if (status === 200) expectSameBytes(whole, direct);
      expectSameMeaning(await ask(reading.url), direct, recording);
      serve(upstream, recording, cutBySeed(body, seed));
      expect(essence(await ask(passing.url))).toEqual(essence(direct));
      expectSameMeaning(await ask(reading.url), direct, recording);
      if (body.length > SMALL) return;
      serve(upstream, recording, byteByByte(body), true);
      expect(essence(await ask(passing.url))).toEqual(essence(direct));
      if (body.length < TINY) expectSameMeaning(await ask(reading.url), direct, recording);
    });
  });
}
