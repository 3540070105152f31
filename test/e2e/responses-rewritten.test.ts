/** Recorded streams of responses that a plugin looks into: the vendor's client gets the same answer as without it, or the changed one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatEvent } from '@gatewright/core';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, type TestGateway } from './gateways.ts';
import { RECORDINGS, RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { responsesGateway } from './responses-stage.ts';
import { EVENT_STREAM, Upstream } from './upstream.ts';

let upstream: Upstream;
let bare: TestGateway;
let shouting: TestGateway;

/** Makes texts loud, all at once at their end, as a plugin must that has to see them whole. */
const shout = inlinePlugin('shout', ({ hooks }) => {
  hooks.transform.event.tap('chat', () => {
    const held = new Map<number, string>();
    return {
      event(event: ChatEvent): readonly ChatEvent[] {
        if (event.type === 'part-delta' && event.delta.kind === 'text') {
          held.set(event.index, (held.get(event.index) ?? '') + event.delta.text);
          return [];
        }
        if (event.type !== 'part-end' || !held.has(event.index)) return [event];
        const text = (held.get(event.index) ?? '').toUpperCase();
        return [
          { type: 'part-delta', candidate: event.candidate, index: event.index, delta: { kind: 'text', text } },
          event,
        ];
      },
      end: () => [],
    };
  });
});

beforeAll(async () => {
  upstream = await Upstream.start();
  bare = await responsesGateway(upstream.url);
  shouting = await responsesGateway(upstream.url, [shout]);
});
afterAll(async () => {
  await bare.close();
  await shouting.close();
  await upstream.stop();
});

const FOLDER = 'vercel-ai/openai/responses';

/** Recordings whose events the vendor's own client does not take, or that are broken. */
const ODD = /apply-patch|id-rotation|error|phase|wrapper|shell-container\.1/;

/** The turns of a recorded conversation, each as the bytes of its stream. */
function recorded(): { name: string; bytes: string }[] {
  if (!recordingsThere) return [];
  const files = readdirSync(join(RECORDINGS, FOLDER)).filter((file) => file.endsWith('.chunks.txt') && !ODD.test(file));
  return files.map((name) => {
    const lines = readFileSync(join(RECORDINGS, FOLDER, name), 'utf8')
      .split('\n')
      .filter(Boolean);
    const end = lines.findIndex((line) => (JSON.parse(line) as { type: string }).type === 'response.completed');
    const turn = lines.slice(0, end + 1);
    return {
      name,
      bytes: turn.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`).join(''),
    };
  });
}

async function gathered(gateway: TestGateway): Promise<OpenAI.Responses.Response> {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'k', maxRetries: 0 });
  return client.responses.stream({ model: 'gpt', input: 'Hello' }).finalResponse();
}

/** What is encrypted is told anew in every event, and only the last one counts. */
const plain = (response: OpenAI.Responses.Response): unknown =>
  JSON.parse(
    JSON.stringify({ ...response, parsed: null }, (key, value: unknown) => {
      if (key === 'encrypted_content' || key === 'fingerprint') return undefined;
      return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;
    }),
  );

describe.skipIf(!recordingsThere)(`recorded streams${RECORDINGS_ABSENCE}`, () => {
  const all = recorded();

  test('there are some', () => {
    expect(all.length).toBeGreaterThan(20);
  });

  test.each(all)('$name', async ({ bytes }) => {
    upstream.answer({ headers: EVENT_STREAM, chunks: [bytes] });
    const untouched = await gathered(bare);
    const changed = await gathered(shouting);
    expect(changed.output_text).toBe(untouched.output_text.toUpperCase());
    const loud = JSON.parse(JSON.stringify(plain(untouched))) as OpenAI.Responses.Response;
    loud.output_text = untouched.output_text.toUpperCase();
    for (const item of loud.output) {
      if (item.type !== 'message') continue;
      for (const part of item.content) if (part.type === 'output_text') part.text = part.text.toUpperCase();
    }
    const quiet = plain(changed) as OpenAI.Responses.Response;
    expect(quiet.output.map(withoutParsed)).toEqual(loud.output.map(withoutParsed));
    expect([quiet.id, quiet.status, quiet.usage]).toEqual([loud.id, loud.status, loud.usage]);
  });
});

/** What the client adds to an item. */
const withoutParsed = (item: object): unknown =>
  JSON.parse(JSON.stringify(item, (key, value: unknown) => (key.startsWith('parsed') ? undefined : value)));
