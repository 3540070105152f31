/** Recorded transcripts and translations: each decodes, and is the same when it is encoded again. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@gatewright/core';
import { outlineOf } from '@gatewright/core/wire';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ABSENCE, found, ROOT } from '../recordings.test.kit.ts';
import { json, refusing } from '../wire.test.kit.ts';
import { transcriptionsCodec } from './transcription-codec.ts';

/** The bodies of answers, by the file that each was found in. */
function recorded(): [name: string, body: JsonObject][] {
  if (!found) return [];
  const answers: [string, string][] = [];
  const vercel = join(ROOT, 'vercel-ai/openai/transcription');
  for (const name of readdirSync(vercel)) answers.push([name, readFileSync(join(vercel, name), 'utf8')]);
  const datadog = join(ROOT, 'dd-trace-js/openai');
  for (const name of readdirSync(datadog).filter((name) => name.includes('audio_trans'))) {
    const { response } = JSON.parse(readFileSync(join(datadog, name), 'utf8')) as { response: { body: string } };
    answers.push([name, response.body]);
  }
  const envoy = join(ROOT, 'envoy-ai-gateway');
  for (const name of readdirSync(envoy).filter((name) => name.startsWith('audio-'))) {
    const cassette = parse(readFileSync(join(envoy, name), 'utf8')) as {
      interactions: { response: { body: string } }[];
    };
    for (const { response } of cassette.interactions) answers.push([name, response.body]);
  }
  return answers.map(([name, body]) => [name, JSON.parse(body) as JsonObject]);
}

const answers = recorded();

describe.skipIf(!found)(`a recorded answer${ABSENCE}`, () => {
  test('is there, in every form that was recorded', () => {
    expect(answers.length).toBeGreaterThan(8);
    expect(answers.some(([, { words }]) => words !== undefined)).toBe(true);
  });

  test.each(answers)('%s', (_name, body) => {
    expect(json(transcriptionsCodec.encodeResponse(transcriptionsCodec.decodeResponse(body), refusing))).toEqual(body);
    const { usage } = transcriptionsCodec.summarize(outlineOf(Buffer.from(JSON.stringify(body)), 64));
    const told = (body['usage'] ?? {}) as { input_tokens?: number; output_tokens?: number; seconds?: number };
    expect((usage?.input ?? 0) + (usage?.audioInput ?? 0)).toBe(told.input_tokens ?? 0);
    expect(usage?.output ?? 0).toBe(told.output_tokens ?? 0);
    expect(usage?.units?.seconds).toBe(told.seconds ?? body['duration']);
  });
});
