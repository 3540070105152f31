/** The cost of each translation beside parsing and writing the same JSON. */
import type { ChatRequest } from '../../core/src/chat/request.ts';
import type { Dialect, EncodeContext, JsonObject } from '../../core/src/dialect.ts';
import type { Gateway } from '../../core/src/gateway.ts';
import { dialectOf, lensCase, openGateway, rewriter } from './lens-rig.ts';
import type { MicroCase } from './micro.ts';
import { chatRequest } from './payload.ts';
import { wireConversation, wireStream } from './wire-payload.ts';

export const TRANSLATED = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini-generate',
  'bedrock-converse',
  'cohere-chat',
  'ollama-chat',
] as const;

/** What is measured, and what it is measured against. */
export interface Comparison {
  readonly what: string;
  /** The most that the ratio may be. */
  readonly limit: number;
  readonly reference: MicroCase;
  readonly translation: MicroCase;
}

const pairs = (): [string, string][] =>
  TRANSLATED.flatMap((from) => TRANSLATED.flatMap((to): [string, string][] => (from === to ? [] : [[from, to]])));

export async function comparisons(): Promise<Comparison[]> {
  const gateway = await openGateway();
  return [...streams(gateway), ...requests(gateway)];
}

/** At most 1.6 for an event of a stream. */
function streams(gateway: Gateway): Comparison[] {
  const known = new Map(TRANSLATED.map((id) => [id as string, wireStream(id, dialectOf(gateway, id))]));
  return pairs().flatMap(([provider, client]) => {
    const { frames, json } = known.get(provider) ?? { frames: [], json: [] };
    const what = `an event of a stream, ${provider} → ${client}`;
    const translate = (manner: string, chunks: readonly Buffer[]): MicroCase =>
      lensCase(`${what}, ${manner}`, chunks, frames.length, rewriter(gateway, provider, client));
    const burst = [Buffer.concat(frames)];
    return [
      {
        what: `${what}, a chunk each`,
        limit: 1.6,
        reference: rewriteJson(what, json, 'event', frames.length),
        translation: translate('a chunk each', frames),
      },
      {
        what: `${what}, all in one chunk`,
        limit: 1.6,
        reference: rewriteJson(what, json, 'event', frames.length),
        translation: translate('all in one chunk', burst),
      },
    ];
  });
}

/** At most 2.0 for a request of 10 kB. */
function requests(gateway: Gateway): Comparison[] {
  const shapes = { 'one message': chatRequest('gpt-4o', 10_000), 'many turns and tools': wireConversation(8000) };
  return Object.entries(shapes).flatMap(([shape, bytes]) => {
    const openai = dialectOf(gateway, 'openai-chat');
    const neutral = openai.codec.decodeRequest(JSON.parse(bytes.toString()) as JsonObject, { headers: {} });
    return pairs().map(([client, provider]) => {
      const from = dialectOf(gateway, client);
      const sent = client === 'openai-chat' ? bytes : encoded(from, neutral);
      const what = `a request of ${(sent.length / 1000).toFixed(1)} kB, ${shape}, ${client} → ${provider}`;
      return {
        what,
        limit: 2,
        reference: rewriteJson(what, [sent], 'request', 1),
        translation: translateRequest(what, sent, from, dialectOf(gateway, provider)),
      };
    });
  });
}

const LENIENT: EncodeContext = { model: 'claude-bench', unsupported: () => undefined, warn: () => undefined };

const encoded = ({ codec }: Dialect<'chat'>, request: ChatRequest): Buffer =>
  Buffer.from(JSON.stringify(codec.encodeRequest(request, LENIENT)));

function translateRequest(name: string, bytes: Buffer, from: Dialect<'chat'>, to: Dialect<'chat'>): MicroCase {
  const context = { headers: {}, model: 'bench', stream: false };
  return {
    name,
    per: 'request',
    count: 1,
    run() {
      encoded(to, from.codec.decodeRequest(JSON.parse(bytes.toString()) as JsonObject, context));
    },
  };
}

/** Parses and writes the same JSON. */
function rewriteJson(what: string, json: readonly Buffer[], per: string, count: number): MicroCase {
  return {
    name: `${what}, parse + stringify`,
    per,
    count,
    run() {
      for (const bytes of json) Buffer.from(JSON.stringify(JSON.parse(bytes.toString())));
    },
  };
}
