/** What real streams do, through the gateway: in one piece and byte by byte, to a client of OpenAI's dialect and to one of Anthropic's. */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyProvider } from './every-provider.ts';
import { post, type TestGateway } from './gateways.ts';
import { CHAT_ODDITIES, type Oddity, type Told } from './oddities.ts';
import { OTHER_ODDITIES } from './oddities-others.ts';
import { byteByByte, EVENT_STREAM, JSON_BODY, Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let anthropic: Anthropic;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await everyProvider(upstream.url);
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'client-key', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await upstream.stop();
});

const messages = [{ role: 'user' as const, content: 'Hello!' }];

function serve({ provider, stream }: Oddity, pieces: 'whole' | 'bytes'): void {
  const headers = provider === 'ollama' ? { 'content-type': 'application/x-ndjson' } : EVENT_STREAM;
  const bytes = Buffer.from(stream);
  upstream.answer({ headers, chunks: pieces === 'whole' ? [bytes] : byteByByte(bytes), burst: true });
}

interface Delta {
  readonly content?: string | null | { text?: string; thinking?: { text: string }[] }[];
  readonly reasoning?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: { index?: number; id?: string; function: { name?: string; arguments?: string } }[];
}

interface Chunk {
  readonly choices?: { delta?: Delta; finish_reason?: string | null; error?: unknown }[];
  readonly usage?: { prompt_tokens: number; completion_tokens: number } | null;
  readonly x_groq?: { usage?: { prompt_tokens: number; completion_tokens: number } };
  readonly error?: { message: string };
}

/** What the frames say, read as a forgiving client of OpenAI's dialect would. */
async function askOpenai(provider: string): Promise<{ told: Told; raw: string }> {
  const body = { model: `${provider}/m`, stream: true, stream_options: { include_usage: true }, messages };
  const response = await post(`${gateway.url}/v1/chat/completions`, body);
  const raw = await response.text();
  // What broke before anything was said is a plain error.
  if (response.status !== 200)
    return { told: { error: new RegExp((JSON.parse(raw) as Chunk).error?.message ?? '') }, raw };
  let [text, reasoning, stop, usage, error] = ['', '', '', undefined as Told['usage'], undefined as string | undefined];
  const calls = new Map<string, [string, string]>();
  for (const [, json = ''] of raw.matchAll(/^data: ?(.*?)\r?$/gm)) {
    if (json === '[DONE]') break;
    const chunk = JSON.parse(json) as Chunk;
    error ??= chunk.error?.message;
    const counts = chunk.usage ?? chunk.x_groq?.usage;
    if (counts !== undefined && counts !== null) usage = [counts.prompt_tokens, counts.completion_tokens];
    for (const { delta = {}, finish_reason: finish } of chunk.choices ?? []) {
      const parts = typeof delta.content === 'string' ? [{ text: delta.content }] : (delta.content ?? []);
      text += parts.map((part) => part.text ?? '').join('');
      reasoning += parts.map((part) => (part as { thinking?: { text: string }[] }).thinking?.[0]?.text ?? '').join('');
      reasoning += delta.reasoning_content ?? delta.reasoning ?? '';
      for (const { index, id, function: called } of delta.tool_calls ?? []) {
        const key = String(index ?? id);
        const [name, args] = calls.get(key) ?? ['', ''];
        calls.set(key, [name + (called.name ?? ''), args + (called.arguments ?? '')]);
      }
      stop = finish ?? stop;
    }
  }
  const told: Told = {
    text,
    reasoning,
    stop,
    calls: [...calls.values()].map(([name, args]) => [name, args] as const),
    ...(usage === undefined ? {} : { usage }),
  };
  return { told: error === undefined ? told : { error: new RegExp(error) }, raw };
}

const STOPS: Readonly<Record<string, string>> = { stop: 'end_turn', tool_calls: 'tool_use', length: 'max_tokens' };

describe.each([...CHAT_ODDITIES, ...OTHER_ODDITIES])('$provider: $what', (oddity) => {
  const { provider, told } = oddity;

  test.each(['whole', 'bytes'] as const)("to a client of OpenAI's dialect, in pieces: %s", async (pieces) => {
    serve(oddity, pieces);
    const { told: got, raw } = await askOpenai(provider);
    if (told.error !== undefined) {
      expect(got.error?.source).toMatch(told.error);
      // What was broken off must not look finished.
      expect(raw).not.toContain('[DONE]');
      return;
    }
    const { calls = [] } = got;
    expect({ text: got.text, reasoning: got.reasoning, stop: got.stop }).toEqual({
      text: told.text ?? '',
      reasoning: told.reasoning ?? '',
      stop: told.stop,
    });
    expect(calls.map(([name, args]) => [name, JSON.parse(String(args)) as unknown])).toEqual(told.calls ?? []);
    if (told.usage !== undefined) expect(got.usage).toEqual(told.usage);
    expect(raw.trimEnd()).toMatch(/data: ?\[DONE\]$/);
  });

  test.each(['whole', 'bytes'] as const)("to Anthropic's own client, in pieces: %s", async (pieces) => {
    serve(oddity, pieces);
    const answer = anthropic.messages.stream({ model: `${provider}/m`, max_tokens: 9, messages }).finalMessage();
    if (told.error !== undefined) {
      await expect(answer).rejects.toThrow(told.error);
      return;
    }
    const { content, stop_reason: stop, usage } = await answer;
    expect(content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(told.text ?? '');
    expect(content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('')).toBe(
      told.reasoning ?? '',
    );
    const calls = content.flatMap((block) => (block.type === 'tool_use' ? [[block.name, block.input]] : []));
    expect(calls).toEqual(told.calls ?? []);
    expect(stop).toBe(STOPS[told.stop ?? '']);
    if (told.usage !== undefined) expect([usage.input_tokens, usage.output_tokens]).toEqual(told.usage);
  });
});

/** Gemini answers with an array where nobody asks for events; the gateway does ask, so only something in between can do this. */
test('gemini: an array takes the place of events: a typed error, and never half an answer', async () => {
  const candidates = [{ content: { parts: [{ text: 'Hello' }], role: 'model' }, finishReason: 'STOP', index: 0 }];
  upstream.answer({ headers: JSON_BODY, chunks: [JSON.stringify([{ candidates }])] });
  const body = { model: 'gemini/m', stream: true, messages };
  const response = await post(`${gateway.url}/v1/chat/completions`, body);
  expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
    502,
    'GW_UPSTREAM_INVALID',
  ]);
});
