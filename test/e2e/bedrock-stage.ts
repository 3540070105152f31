/** The play for Bedrock: an upstream that we did not write, and a gateway in which every dialect can ask every provider. */
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { LLMock } from '@copilotkit/aimock';
import type { Plugin } from '@gatewright/core';
import authStatic from '@gatewright/auth-static';
import dialectBedrock from '@gatewright/dialect-bedrock';
import providerBedrock from '@gatewright/provider-bedrock';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startGateway, type TestGateway } from './gateways.ts';

/** What every answer is said to have cost, in the words of all dialects. */
const USAGE = { prompt_tokens: 21, completion_tokens: 13, total_tokens: 34, input_tokens: 21, output_tokens: 13 };

export const CLIENT_KEY = 'client-key-0123456789';
export const HELLO = 'Hello from the upstream, how are you today?';
export const THOUGHT = 'The user wants the answer to everything, which is known.';
export const WEATHER = [
  { id: 'call_oslo', name: 'get_weather', arguments: '{"city":"Oslo"}' },
  { id: 'call_paris', name: 'get_weather', arguments: '{"city":"Paris"}' },
];
export const FORECAST = 'Oslo has 3 degrees, Paris has 12.';

/** A name as those of Bedrock are: with signs that a path must hold encoded. */
export const UPSTREAM_MODEL = 'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-upstream-v1:0';

/** The models of the gateway, each served by the provider of another dialect. */
export const MODELS = {
  gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream' }] },
  claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream' }] },
  rock: { targets: [{ provider: 'bedrock', model: UPSTREAM_MODEL }] },
  either: { targets: [{ provider: 'bedrock', model: 'first' }], fallbacks: ['second'] },
  second: { targets: [{ provider: 'bedrock', model: 'second' }] },
  'house/rock:v1': { targets: [{ provider: 'bedrock', model: UPSTREAM_MODEL }] },
};

/** A gateway with the dialect and the provider of Bedrock, pointed at an upstream, and with one key that it knows. */
export function bedrockGateway(upstream: string, more: readonly Plugin[] = []): Promise<TestGateway> {
  const options = { region: 'us-east-1', apiKey: 'upstream-bedrock-key', baseUrl: upstream };
  const plugins = [
    { use: authStatic as Plugin, with: { keys: [{ key: CLIENT_KEY, id: 'tester' }] } },
    { use: dialectBedrock as Plugin },
    { use: providerBedrock as Plugin, with: options },
  ];
  return startGateway({ upstream, plugins: more, config: { models: MODELS, plugins } });
}

/** The official SDK, set up as the README of the dialect says. */
export function awsClient(url: string, key = CLIENT_KEY): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: url,
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
}

export class BedrockStage {
  readonly mock: LLMock;
  readonly gateway: TestGateway;

  private constructor(mock: LLMock, gateway: TestGateway) {
    this.mock = mock;
    this.gateway = gateway;
  }

  static async open(): Promise<BedrockStage> {
    const mock = new LLMock({ port: 0, chunkSize: 7, logLevel: 'silent' });
    rehearse(mock);
    await mock.start();
    return new BedrockStage(mock, await bedrockGateway(mock.url));
  }

  get url(): string {
    return this.gateway.url;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.mock.stop();
  }
}

/** What the upstream answers to the last thing that the user said. */
function rehearse(mock: LLMock): void {
  mock.on({ userMessage: 'say hello' }, { content: HELLO, usage: USAGE });
  mock.on({ userMessage: 'be cut short' }, { content: 'This is as far as', finishReason: 'length', usage: USAGE });
  mock.on({ userMessage: 'think' }, { content: 'It is 42.', reasoning: THOUGHT, usage: USAGE });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: WEATHER, usage: USAGE });
  mock.on({ userMessage: 'weather', hasToolResult: true }, { content: FORECAST, usage: USAGE });
  mock.on({ userMessage: 'fail' }, { error: { message: 'Too fast.', type: 'rate_limit_error' }, status: 429 });
  mock.on({ userMessage: 'break off' }, { content: HELLO, usage: USAGE }, { truncateAfterChunks: 5, latency: 5 });
}
