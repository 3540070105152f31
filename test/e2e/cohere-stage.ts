/** The play for Cohere: a gateway in which every dialect can ask every provider, its own SDK, and answers as they were recorded. */
import type { Plugin } from '@gatewright/core';
import dialectCohere from '@gatewright/dialect-cohere';
import providerCohere from '@gatewright/provider-cohere';
import { CohereClientV2, type Cohere } from 'cohere-ai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGateway, type TestGateway } from './gateways.ts';
import { RECORDINGS } from './recordings.ts';
import { EVENT_STREAM, JSON_BODY, type Answer } from './upstream.ts';

/** The models of the gateway, each served by the provider of another dialect. */
export const MODELS = {
  gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream' }] },
  claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream' }] },
  command: { targets: [{ provider: 'cohere', model: 'command-upstream' }] },
  embed: { targets: [{ provider: 'cohere', model: 'embed-upstream' }] },
  'gpt-embed': { targets: [{ provider: 'openai', model: 'text-embedding-3-small' }] },
  rerank: { targets: [{ provider: 'cohere', model: 'rerank-upstream' }] },
  either: { targets: [{ provider: 'cohere', model: 'first' }], fallbacks: ['gpt'] },
};

export const CLIENT_KEY = 'client-key-0123456789';
export const UPSTREAM_KEY = 'upstream-cohere-key';

/** A gateway with the dialect and the provider of Cohere, pointed at an upstream. */
export function cohereGateway(upstream: string, more: readonly Plugin[] = []): Promise<TestGateway> {
  const plugins = [
    { use: dialectCohere as Plugin },
    { use: providerCohere as Plugin, with: { apiKey: UPSTREAM_KEY, baseUrl: upstream } },
  ];
  return startGateway({ upstream, plugins: more, config: { models: MODELS, plugins } });
}

/** The official SDK, pointed at a gateway. */
export function cohereClient(environment: string): CohereClientV2 {
  return new CohereClientV2({ environment, token: CLIENT_KEY, maxRetries: 0 });
}

/** A recorded answer, as the API sends it. */
export function recordedAnswer(name: string): Answer {
  return { headers: JSON_BODY, chunks: [readFileSync(join(RECORDINGS, 'vercel-ai', 'cohere', name))] };
}

/** A recorded stream, in the frames that the API sends it in. */
export function recordedStream(name: string): Answer {
  const text = readFileSync(join(RECORDINGS, 'vercel-ai', 'cohere', name), 'utf8');
  const events = text.split('\n').filter(Boolean);
  return { headers: EVENT_STREAM, chunks: [...events.map(frame), DONE] };
}

export const DONE = 'data: [DONE]\n\n';

/** An event's JSON as a frame. */
export function frame(json: string): string {
  const { type } = JSON.parse(json) as { type: string };
  return `event: ${type}\ndata: ${json}\n\n`;
}

/** What a stream of the SDK amounts to. */
export interface Streamed {
  text: string;
  thought: string;
  plan: string;
  readonly calls: { id: string; name: string; arguments: string }[];
  readonly citations: unknown[];
  reason?: string;
  error?: string;
  usage?: Cohere.Usage;
}

export async function gather(stream: AsyncIterable<Cohere.V2ChatStreamResponse>): Promise<Streamed> {
  const said: Streamed = { text: '', thought: '', plan: '', calls: [], citations: [] };
  for await (const event of stream) add(said, event);
  return said;
}

function add(said: Streamed, event: Cohere.V2ChatStreamResponse): void {
  switch (event.type) {
    case 'content-start':
    case 'content-delta': {
      const content = event.delta?.message?.content;
      said.text += content?.text ?? '';
      said.thought += content?.thinking ?? '';
      return;
    }
    case 'tool-plan-delta':
      said.plan += event.delta?.message?.toolPlan ?? '';
      return;
    case 'tool-call-start': {
      const call = event.delta?.message?.toolCalls;
      const { name = '', arguments: args = '' } = call?.function ?? {};
      said.calls.push({ id: call?.id ?? '', name, arguments: args });
      return;
    }
    case 'tool-call-delta': {
      const call = said.calls[event.index ?? 0];
      if (call !== undefined) call.arguments += event.delta?.message?.toolCalls?.function?.arguments ?? '';
      return;
    }
    case 'citation-start':
      said.citations.push(event.delta?.message?.citations);
      return;
    case 'message-end':
      end(said, event.delta);
      return;
    default:
  }
}

function end(said: Streamed, delta: Cohere.ChatMessageEndEventDelta | undefined): void {
  if (delta?.finishReason !== undefined) said.reason = delta.finishReason;
  if (delta?.error !== undefined) said.error = delta.error;
  if (delta?.usage !== undefined) said.usage = delta.usage;
}
