/** Presets that are verified by recording: the vendors' recorded answers through a gateway with the preset, to the OpenAI client. */
import type { GatewayConfig, Plugin } from '@gatewright/core';
import compatible, { PRESETS } from '@gatewright/provider-openai-compatible';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { readRecordings, RECORDINGS_ABSENCE, recordingsThere, type Recording } from './recordings.ts';
import { answerOf, ask, recorded } from './replay.ts';
import { Upstream } from './upstream.ts';

/** Whose recordings are where, and what must have become of the settings that {@link ask} sends. */
const VENDORS: readonly { id: string; recordings: RegExp; sent: Record<string, unknown>; role?: 'system' }[] = [
  { id: 'alibaba', recordings: /^vercel-ai\/alibaba\//, sent: { max_completion_tokens: 99, seed: 7, usage: true } },
  { id: 'deepseek', recordings: /\/deepseek\//, sent: { max_tokens: 99, seed: 7, usage: true }, role: 'system' },
  { id: 'groq', recordings: /^vercel-ai\/groq\//, sent: { max_completion_tokens: 99, seed: 7, usage: true } },
  { id: 'mistral', recordings: /^vercel-ai\/mistral\//, sent: { max_tokens: 99, random_seed: 7 }, role: 'system' },
  { id: 'moonshot', recordings: /^vercel-ai\/moonshotai\//, sent: { max_completion_tokens: 99, seed: 7, usage: true } },
  { id: 'perplexity', recordings: /^vercel-ai\/perplexity\//, sent: { max_tokens: 99, seed: 7 } },
  { id: 'xai', recordings: /\/xai/, sent: { max_completion_tokens: 99, seed: 7, usage: true }, role: 'system' },
];

const KEY = 'vendor-key-0123456789';
let upstream: Upstream;
let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  upstream = await Upstream.start();
  const plugins = VENDORS.map(({ id }) => ({
    use: compatible as Plugin,
    id,
    with: { preset: id, apiKey: KEY, baseUrl: `${upstream.url}/${id}` },
  }));
  const models: GatewayConfig['models'] = {};
  for (const { id } of VENDORS) models[id] = { targets: [{ provider: id, model: `${id}-upstream` }] };
  const config: Partial<GatewayConfig> = { plugins, models };
  gateway = await startGateway({ upstream: upstream.url, config });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

/** The settings of the request that the vendor got, without what every vendor gets. */
function settingsOf(body: Buffer): Record<string, unknown> {
  const request = JSON.parse(body.toString()) as Record<string, unknown> & { messages: { role: string }[] };
  const { model: _model, messages: _messages, stream: _stream, stream_options: options, ...settings } = request;
  return options === undefined ? settings : { ...settings, usage: true };
}

test('the presets that say so, and no others', () => {
  const verified = PRESETS.filter(({ verified }) => verified === 'recording').map(({ id }) => id);
  expect(VENDORS.map(({ id }) => id)).toEqual(verified);
});

describe.skipIf(!recordingsThere)(`recorded answers of${RECORDINGS_ABSENCE}`, () => {
  const all = readRecordings();
  describe.each(VENDORS)('$id', ({ id, recordings, sent, role }) => {
    const own = all.filter(({ name }) => recordings.test(name));

    test('are there, whole and streamed', () => {
      expect(own.some(({ stream, status }) => !stream && status === 200)).toBe(true);
      expect(own.some(({ stream }) => stream)).toBe(true);
    });

    test.each(own.map((one) => [one.name, one] as const))('%s', async (_name, recording: Recording) => {
      upstream.answer(answerOf(recording));
      const answer = await ask(client, id, recording).catch((error: unknown) => error);
      if (recording.status === 200) expect(answer).toEqual(recorded(recording));
      else expect(answer).toMatchObject({ status: recording.status, message: expect.any(String) });
      expect(answer instanceof APIError).toBe(recording.status !== 200);
      const [request] = upstream.received;
      expect([request?.path, request?.headers.authorization]).toEqual([`/${id}/chat/completions`, `Bearer ${KEY}`]);
      const { usage, ...others } = sent;
      const wanted = recording.stream && usage === true ? { ...others, usage } : others;
      expect(settingsOf(request?.body ?? Buffer.alloc(0))).toEqual(wanted);
      const { messages } = JSON.parse(request?.body.toString() ?? '') as { messages: { role: string }[] };
      expect(messages.map((message) => message.role)).toEqual([role ?? 'developer', 'user']);
    });
  });
});
