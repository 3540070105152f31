/** A gateway for the operations besides chat: a scripted upstream behind several providers, the simulated one, and OpenAI's client. */
import type { GatewayConfig, Plugin } from '@gatewright/core';
import compatible from '@gatewright/provider-openai-compatible';
import simulated from '@gatewright/provider-simulated';
import OpenAI, { APIError } from 'openai';
import { expect } from 'vitest';
import { startGateway, type TestGateway } from './gateways.ts';
import { violations, type SpecKind } from './specs.ts';
import { Upstream } from './upstream.ts';

const at = (provider: string, model: string): { targets: { provider: string; model: string }[] } => ({
  targets: [{ provider, model }],
});

const MODELS: NonNullable<GatewayConfig['models']> = {
  embed: at('openai', 'text-embedding-3-small'),
  floats: at('floats', 'plain-embedder'),
  instruct: at('openai', 'gpt-3.5-turbo-instruct'),
  gpt: at('openai', 'gpt-upstream'),
  claude: at('anthropic', 'claude-upstream'),
  chatter: at('chatter', 'c'),
  sim: at('simulated', 'sim'),
  'omni-moderation-latest': at('simulated', 'sim'),
  'dall-e-2': at('simulated', 'sim'),
};

export class OperationStage {
  readonly upstream: Upstream;
  readonly gateway: TestGateway;
  readonly client: OpenAI;

  private constructor(upstream: Upstream, gateway: TestGateway) {
    this.upstream = upstream;
    this.gateway = gateway;
    this.client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'client-key', maxRetries: 0 });
  }

  static async open(): Promise<OperationStage> {
    const upstream = await Upstream.start();
    const baseUrl = `${upstream.url}/v1`;
    const plugins = [
      { use: simulated as Plugin, with: { firstTokenDelay: 0, tokensPerSecond: 0 } },
      { use: compatible as Plugin, id: 'floats', with: { baseUrl, quirks: { floatEmbeddings: true } } },
      { use: compatible as Plugin, id: 'chatter', with: { baseUrl, operations: ['chat'] } },
    ];
    return new OperationStage(
      upstream,
      await startGateway({ upstream: upstream.url, config: { plugins, models: MODELS } }),
    );
  }

  /** The body that the upstream got first. */
  sent(): Record<string, unknown> {
    return JSON.parse(this.upstream.received[0]?.body.toString() ?? '') as Record<string, unknown>;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.upstream.stop();
  }
}

/** Fails where a value is not what the provider's own schema says. */
export function fits(kind: SpecKind, value: unknown): void {
  expect(violations(kind, value)).toEqual([]);
}

/** The error that the client throws. */
export async function failure(promise: Promise<unknown>): Promise<APIError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(APIError);
  return error as APIError;
}
