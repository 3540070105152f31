/** The play for Gemini: an upstream that we did not write, and a gateway in which every dialect can ask every provider. */
import { LLMock } from '@copilotkit/aimock';
import type { Plugin } from '@gatewright/core';
import dialectGemini from '@gatewright/dialect-gemini';
import providerGemini from '@gatewright/provider-gemini';
import { startGateway, type TestGateway } from './gateways.ts';

/** What every answer is said to have cost, in the words of all dialects. */
const USAGE = { prompt_tokens: 21, completion_tokens: 13, total_tokens: 34, input_tokens: 21, output_tokens: 13 };

export const HELLO = 'Hello from the upstream, how are you today?';
export const WEATHER = [
  { id: 'call_oslo', name: 'get_weather', arguments: '{"city":"Oslo"}' },
  { id: 'call_paris', name: 'get_weather', arguments: '{"city":"Paris"}' },
];
export const FORECAST = 'Oslo has 3 degrees, Paris has 12.';

/** The models of the gateway, each served by the provider of another dialect. */
export const MODELS = {
  gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream' }] },
  claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream' }] },
  gem: { targets: [{ provider: 'gemini', model: 'gemini-upstream' }] },
};

/** A gateway with the dialect and the provider of Gemini, pointed at an upstream. */
export function geminiGateway(upstream: string): Promise<TestGateway> {
  const gemini = { use: providerGemini as Plugin, with: { apiKey: 'upstream-gemini-key', baseUrl: upstream } };
  return startGateway({ upstream, config: { models: MODELS, plugins: [{ use: dialectGemini as Plugin }, gemini] } });
}

export class GeminiStage {
  readonly mock: LLMock;
  readonly gateway: TestGateway;

  private constructor(mock: LLMock, gateway: TestGateway) {
    this.mock = mock;
    this.gateway = gateway;
  }

  static async open(): Promise<GeminiStage> {
    const mock = new LLMock({ port: 0, chunkSize: 7, logLevel: 'silent' });
    rehearse(mock);
    await mock.start();
    return new GeminiStage(mock, await geminiGateway(mock.url));
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
  mock.on({ userMessage: 'be filtered' }, { content: 'No.', finishReason: 'content_filter', usage: USAGE });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: WEATHER, usage: USAGE });
  mock.on({ userMessage: 'weather', hasToolResult: true }, { content: FORECAST, usage: USAGE });
  mock.on({ userMessage: 'fail' }, { error: { message: 'Too fast.', type: 'rate_limit_error' }, status: 429 });
  mock.on({ userMessage: 'break off' }, { content: HELLO, usage: USAGE }, { truncateAfterChunks: 3, latency: 5 });
}
