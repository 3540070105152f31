/** Recorded calls of OpenAI's embeddings, completions, moderations and images: byte by byte, and through the neutral form. */
import type { ChatEvent, Plugin } from '@gatewright/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlinePlugin, post, startGateway, type TestGateway } from './gateways.ts';
import { readCalls, type RecordedCall } from './operation-recordings.ts';
import { RECORDINGS_ABSENCE, recordingsThere } from './recordings.ts';
import { EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

const calls = readCalls(/^\/v1\/(embeddings|completions|moderations|images\/generations)$/);
/** Models that only chat are never asked to complete; what OpenAI says when they are is tested with another provider. */
const own = calls.filter(
  ({ path, request }) => path !== '/v1/completions' || /instruct|babbage/.test(request.toString()),
);

/** Copies everything on its way, so that nothing passes as bytes. */
const copier: Plugin = inlinePlugin('copier', ({ hooks }) => {
  for (const operation of ['embeddings', 'completions', 'moderation', 'images'] as const) {
    hooks.transform.request.tap(operation, (request) => ({ ...request }));
    hooks.transform.response.tap(operation, (response) => ({ ...response }));
  }
  const copy = (event: ChatEvent): ChatEvent[] => [{ ...event }];
  hooks.transform.event.tap('completions', () => ({ event: copy, end: () => [] }));
});

let upstream: Upstream;
let passing: TestGateway;
let rewriting: TestGateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  const config = { models: { '*': { targets: [{ provider: 'openai', model: '*' }] } } };
  passing = await startGateway({ upstream: upstream.url, config });
  rewriting = await startGateway({ upstream: upstream.url, config, plugins: [copier] });
});
afterAll(async () => {
  await passing.close();
  await rewriting.close();
  await upstream.stop();
});

async function replay(gateway: TestGateway, call: RecordedCall): Promise<{ status: number; body: Buffer }> {
  upstream.answer({ status: call.status, headers: call.stream ? EVENT_STREAM : JSON_BODY, chunks: [call.body] });
  const response = await post(`${gateway.url}${call.path}`, call.request.toString());
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

const json = (bytes: Buffer): unknown => JSON.parse(bytes.toString()) as unknown;

/** What was asked: the model of moderations may be left out, and the gateway then names the one that the API takes. */
function asked(call: RecordedCall): unknown {
  const { stream, ...rest } = json(call.request) as Record<string, unknown>;
  // Not to stream is what happens anyway.
  const request = stream === true ? { stream, ...rest } : rest;
  return call.path === '/v1/moderations' ? { model: 'omni-moderation-latest', ...request } : request;
}

/** The chunks of a stream, without what only hides their lengths. */
function chunksOf(body: Buffer): unknown[] {
  const frames = body
    .toString()
    .split('\n\n')
    .map((frame) => frame.replace(/^data: /, ''));
  return frames
    .filter((frame) => frame.startsWith('{'))
    .map((frame) => {
      const { obfuscation: _hidden, ...chunk } = JSON.parse(frame) as Record<string, unknown>;
      return chunk;
    });
}

const textOf = (chunks: readonly unknown[]): string[] => {
  const texts: string[] = [];
  for (const { choices } of chunks as { choices: { index: number; text: string }[] }[]) {
    for (const { index, text } of choices) texts[index] = (texts[index] ?? '') + text;
  }
  return texts;
};

describe.skipIf(!recordingsThere)(`recorded calls${RECORDINGS_ABSENCE}`, () => {
  test('are there, of each operation', () => {
    const paths = new Set(own.map(({ path }) => path));
    expect(paths).toEqual(new Set(['/v1/embeddings', '/v1/completions', '/v1/moderations', '/v1/images/generations']));
    expect(own.length).toBeGreaterThan(35);
  });

  test.each(own)('$name passes untouched', async (call) => {
    const { status, body } = await replay(passing, call);
    expect(status).toBe(call.status);
    if (call.status === 200 && !call.stream) expect(body.equals(call.body)).toBe(true);
    const [received] = upstream.received;
    expect(received?.path).toBe(call.path);
    if (call.path === '/v1/moderations') expect(json(received?.body ?? Buffer.of())).toEqual(asked(call));
    else if (!call.stream) expect(received?.body.toString()).toBe(call.request.toString());
    if (call.stream) expect(textOf(chunksOf(body))).toEqual(textOf(chunksOf(call.body)));
  });

  test.each(own.filter(({ status, stream }) => status === 200 && !stream))(
    '$name means the same through the neutral form',
    async (call) => {
      const { body } = await replay(rewriting, call);
      expect(json(upstream.received[0]?.body ?? Buffer.of())).toEqual(asked(call));
      expect(json(body)).toEqual(json(call.body));
    },
  );

  test.each(own.filter(({ stream }) => stream))('$name streams the same through the neutral form', async (call) => {
    const { body } = await replay(rewriting, call);
    const [came, gone] = [chunksOf(call.body), chunksOf(body)] as { choices: unknown[]; usage?: unknown }[][];
    expect(textOf(gone ?? [])).toEqual(textOf(came ?? []));
    expect(body.toString().endsWith('data: [DONE]\n\n')).toBe(true);
    const ended = (chunks: unknown): unknown[] =>
      (chunks as { choices: { index: number; finish_reason: string | null }[] }[])
        .flatMap(({ choices }) => choices.filter(({ finish_reason: reason }) => reason !== null))
        .map(({ index, finish_reason: reason }) => [index, reason]);
    expect(ended(gone)).toEqual(ended(came));
    const wanted = (json(call.request) as { stream_options?: unknown }).stream_options !== undefined;
    expect(gone?.at(-1)?.usage ?? undefined).toEqual(wanted ? came?.at(-1)?.usage : undefined);
  });

  test.each(own.filter(({ status }) => status !== 200))('the error of $name comes back as it was', async (call) => {
    const { status, body } = await replay(passing, call);
    const { error } = json(call.body) as { error: { message: string; type: string } };
    expect(status).toBe(call.status);
    expect(json(body)).toMatchObject({ error: { message: error.message, type: error.type } });
  });

  test.each(own.filter(({ status }) => status === 200))('$name is counted', async (call) => {
    const before = passing.records.length;
    await replay(passing, call);
    const record = await passing.record(before);
    if (call.stream) {
      expect(record.usage?.output ?? 0).toBe(
        (chunksOf(call.body).at(-1) as { usage?: { completion_tokens: number } }).usage?.completion_tokens ?? 0,
      );
      return;
    }
    const { usage, data } = json(call.body) as { usage?: Record<string, number>; data?: unknown[] };
    if (usage !== undefined) expect(record.usage?.input).toBe(usage['prompt_tokens']);
    else if (call.path === '/v1/images/generations') expect(record.usage?.units).toEqual({ images: data?.length });
  });
});
