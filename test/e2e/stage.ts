/** The whole play: an upstream that we did not write, a recorder in front of it, and a gateway with keys that asks it. */
import { LLMock } from '@copilotkit/aimock';
import type { Plugin } from '@gatewright/core';
import authStatic from '@gatewright/auth-static';
import { startGateway, type TestGateway } from './gateways.ts';
import { Recorder } from './recorder.ts';
import { violations } from './specs.ts';

/** The key that the gateway knows. */
export const CLIENT_KEY = 'client-key-0123456789';

/** What every answer is said to have cost, in the words of both dialects. */
const USAGE = { prompt_tokens: 21, completion_tokens: 13, total_tokens: 34, input_tokens: 21, output_tokens: 13 };

export const HELLO = 'Hello from the upstream, how are you today?';
export const THOUGHT = 'The user wants the answer to everything, which is known.';
export const WEATHER = [
  { id: 'call_oslo', name: 'get_weather', arguments: '{"city":"Oslo","unit":"celsius"}' },
  { id: 'call_paris', name: 'get_weather', arguments: '{"city":"Paris","unit":"celsius"}' },
];
export const FORECAST = 'Oslo has 3 degrees, Paris has 12.';
export const PERSON = { name: 'Ada Lovelace', age: 36 };

export class Stage {
  readonly mock: LLMock;
  readonly recorder: Recorder;
  readonly gateway: TestGateway;

  private constructor(mock: LLMock, recorder: Recorder, gateway: TestGateway) {
    this.mock = mock;
    this.recorder = recorder;
    this.gateway = gateway;
  }

  static async open(): Promise<Stage> {
    const mock = new LLMock({ port: 0, chunkSize: 7, logLevel: 'silent' });
    rehearse(mock);
    await mock.start();
    const recorder = await Recorder.start(mock.url);
    const keys = [{ key: CLIENT_KEY, id: 'tester' }];
    const config = { plugins: [{ use: authStatic as Plugin, with: { keys } }] };
    return new Stage(mock, recorder, await startGateway({ upstream: recorder.url, config }));
  }

  /** The root of the gateway. */
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
      const kind = path.startsWith('/v1/messages/count_tokens')
        ? 'anthropic-count-request'
        : path.startsWith('/v1/messages')
          ? 'anthropic-request'
          : 'openai-request';
      const found = violations(kind, body);
      return found.length === 0 ? [] : [`${path} ${JSON.stringify(body)}: ${found.slice(0, 8).join('; ')}`];
    });
  }
}

/** What the upstream answers to the last thing that the user said. */
export function rehearse(mock: LLMock): void {
  mock.on({ userMessage: 'say hello' }, { content: HELLO, usage: USAGE });
  mock.on({ userMessage: 'be cut short' }, { content: 'This is as far as', finishReason: 'length', usage: USAGE });
  mock.on({ userMessage: 'think' }, { content: 'It is 42.', reasoning: THOUGHT, usage: USAGE });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: WEATHER, usage: USAGE });
  mock.on({ userMessage: 'weather', hasToolResult: true }, { content: FORECAST, usage: USAGE });
  mock.on(
    { userMessage: 'look around' },
    { toolCalls: [{ id: 'call_look', name: 'look', arguments: '{}' }], usage: USAGE },
  );
  mock.on(
    { userMessage: 'tell and call' },
    { content: 'Let me look.', toolCalls: [{ id: 'call_look', name: 'look', arguments: '{}' }], usage: USAGE },
  );
  mock.on({ userMessage: 'a person' }, { content: JSON.stringify(PERSON), usage: USAGE });
  mock.on({ userMessage: 'break off' }, { content: HELLO, usage: USAGE }, { truncateAfterChunks: 6, latency: 10 });
}
