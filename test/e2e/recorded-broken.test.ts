/** Recordings that somebody broke on purpose: the client gets one typed error, or an answer that is whole, and never a part that looks like all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, type Decoded } from './decoding.ts';
import { startGateway, type TestGateway } from './gateways.ts';
import { readRecordings, RECORDINGS_ABSENCE, recordingsThere, type RecordedDialect } from './recordings.ts';
import { isBroken, READER, serve } from './same-dialect.ts';
import { cutBySeed, Upstream } from './upstream.ts';

let upstream: Upstream;
let passing: TestGateway;
let reading: TestGateway;

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

const WAYS = [
  ['what passes', () => passing, 'anthropic-messages'],
  ['what is read', () => reading, 'anthropic-messages'],
  ['the other dialect', () => passing, 'openai-chat'],
] as const;

describe.skipIf(!recordingsThere)(`broken on purpose${RECORDINGS_ABSENCE}`, () => {
  const of = (name: string) =>
    readRecordings().find((recording) => isBroken(recording) && recording.name.includes(name));

  /** The answer as the SDK of a dialect decodes it; the pieces keep the break from coming before the content. */
  async function ask(name: string, url: string, dialect: RecordedDialect): Promise<Decoded> {
    const recording = of(name);
    if (recording === undefined) throw new Error(`There is no recording ${name}.`);
    serve(upstream, recording, cutBySeed(recording.body, 7));
    return decode(dialect, { url, model: 'claude', stream: true });
  }

  test.each(WAYS)(
    'an answer that begins twice is mended, or fails as it does directly: %s',
    async (way, gateway, dialect) => {
      const direct = await ask('duplicate-message-start', upstream.url, 'anthropic-messages');
      expect(direct.failure?.name).toBe('AnthropicError');
      const { failure, final } = await ask('duplicate-message-start', gateway().url, dialect);
      // A frame without any neutral event passes as it came.
      if (way === 'what is read') {
        expect(failure).toEqual(direct.failure);
        return;
      }
      expect(failure).toBeUndefined();
      expect(JSON.stringify(final)).toContain('"Hello, World!"');
    },
  );

  test.each(WAYS)('another answer in the middle of one is an error: %s', async (_way, gateway, dialect) => {
    const direct = await ask('spliced-message-start', upstream.url, 'anthropic-messages');
    expect(direct.failure?.name).toBe('AnthropicError');
    const { failure, final, raw } = await ask('spliced-message-start', gateway().url, dialect);
    expect(final).toBeUndefined();
    expect(failure?.name).toBe('APIError');
    expect(raw.match(/"error":/g)).toHaveLength(1);
    // Nothing of the second answer, and no end of the call that was cut.
    expect(raw).toContain('toolu_first');
    expect(raw).not.toMatch(/toolu_second|\[DONE\]|message_stop|content_block_stop","index":1|finish_reason":"/);
    const record = gateway().records.at(-1);
    expect(record).toMatchObject({ result: 'error', attempts: [{ result: 'error' }] });
    expect(record?.error?.code).toMatch(/^GW_UPSTREAM_(ERROR|INVALID|CUT)$/);
  });
});
