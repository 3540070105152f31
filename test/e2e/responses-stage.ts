/** The play for the Responses API: a gateway in which its clients can ask providers that speak it, and others that do not. */
import { LLMock } from '@copilotkit/aimock';
import type { Plugin } from '@gatewright/core';
import dialectGemini from '@gatewright/dialect-gemini';
import providerGemini from '@gatewright/provider-gemini';
import providerCompatible from '@gatewright/provider-openai-compatible';
import { startGateway, type TestGateway } from './gateways.ts';
import { Recorder } from './recorder.ts';
import { violations, type SpecKind } from './specs.ts';
import { CLIENT_KEY, rehearse } from './stage.ts';

/** The models of the gateway: one whose provider speaks the dialect, one at a server that only has chat completions, and two others. */
const MODELS = {
  gpt: { targets: [{ provider: 'openai', model: 'gpt-upstream' }] },
  plain: { targets: [{ provider: 'plain', model: 'plain-upstream' }] },
  claude: { targets: [{ provider: 'anthropic', model: 'claude-upstream' }] },
  gem: { targets: [{ provider: 'gemini', model: 'gemini-upstream' }] },
};

export const MODEL_NAMES = Object.keys(MODELS);

/** A model that its provider only serves in this dialect, and one whose target may drop what it cannot say. */
const SPECIAL = {
  pro: { targets: [{ provider: 'openai', model: 'gpt-5-pro' }] },
  lenient: { unsupported: 'drop' as const, targets: [{ provider: 'plain', model: 'plain-upstream' }] },
};

/** Those whose providers do not speak the dialect. */
export const FOREIGN = ['plain', 'claude', 'gem'];

/** A gateway with all of these providers, pointed at an upstream. */
export function responsesGateway(upstream: string, plugins: readonly Plugin[] = []): Promise<TestGateway> {
  const more = [
    { use: dialectGemini as Plugin },
    { use: providerGemini as Plugin, with: { apiKey: 'upstream-gemini-key', baseUrl: upstream } },
    { use: providerCompatible as Plugin, id: 'plain', with: { baseUrl: `${upstream}/v1`, operations: ['chat'] } },
  ];
  return startGateway({ upstream, plugins, config: { models: { ...MODELS, ...SPECIAL }, plugins: more } });
}

export class ResponsesStage {
  readonly mock: LLMock;
  readonly recorder: Recorder;
  readonly gateway: TestGateway;
  readonly key = CLIENT_KEY;

  private constructor(mock: LLMock, recorder: Recorder, gateway: TestGateway) {
    this.mock = mock;
    this.recorder = recorder;
    this.gateway = gateway;
  }

  static async open(): Promise<ResponsesStage> {
    const mock = new LLMock({ port: 0, chunkSize: 7, logLevel: 'silent' });
    rehearse(mock);
    mock.on({ userMessage: 'fail' }, { error: { message: 'Too fast.', type: 'rate_limit_error' }, status: 429 });
    await mock.start();
    const recorder = await Recorder.start(mock.url);
    return new ResponsesStage(mock, recorder, await responsesGateway(recorder.url));
  }

  get url(): string {
    return this.gateway.url;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.recorder.stop();
    await this.mock.stop();
  }

  /** What is wrong with the requests that the upstream has received, by the provider's own schema. */
  complaints(): string[] {
    return this.recorder.requests.flatMap(({ path, body }) => {
      const kind = kindOf(path);
      const found = kind === undefined ? [] : violations(kind, body);
      return found.length === 0 ? [] : [`${path} ${JSON.stringify(body)}: ${found.slice(0, 8).join('; ')}`];
    });
  }
}

function kindOf(path: string): SpecKind | undefined {
  if (path.startsWith('/v1/messages')) return 'anthropic-request';
  if (path.startsWith('/v1/responses')) return 'responses-request';
  return path.startsWith('/v1/chat/completions') ? 'openai-request' : undefined;
}
