/** The play: an upstream that we did not write, a recorder in front of it, and a gateway with every dialect and provider. */
import { LLMock } from '@copilotkit/aimock';
import type { ExchangeRecord, Plugin } from '@gatewright/core';
import dialectBedrock from '@gatewright/dialect-bedrock';
import dialectCohere from '@gatewright/dialect-cohere';
import dialectGemini from '@gatewright/dialect-gemini';
import dialectOllama from '@gatewright/dialect-ollama';
import { startGateway, type TestGateway } from '../e2e/gateways.ts';
import { Recorder, type Recorded } from '../e2e/recorder.ts';
import { CASES, caseOf } from './cases.ts';
import { TOKENS, type Answer } from './conversation.ts';
import type { UpstreamDriver } from './upstream.ts';
import { VertexDoor } from './vertex-door.ts';

/** The dialects that test gateways do not have by themselves. */
const DIALECTS: readonly Plugin[] = [dialectGemini, dialectBedrock, dialectCohere, dialectOllama];

/** What every answer cost, in the words of all dialects. */
const USAGE = {
  prompt_tokens: TOKENS.input,
  completion_tokens: TOKENS.output,
  total_tokens: TOKENS.input + TOKENS.output,
  input_tokens: TOKENS.input,
  output_tokens: TOKENS.output,
};

export interface Exchange {
  readonly record: ExchangeRecord;
  /** What the upstream received; nothing where it was not asked. */
  readonly received: readonly Recorded[];
}

export class Play {
  readonly #mock: LLMock;
  readonly #door: VertexDoor;
  readonly #recorder: Recorder;
  readonly #gateway: TestGateway;

  private constructor(mock: LLMock, door: VertexDoor, recorder: Recorder, gateway: TestGateway) {
    this.#mock = mock;
    this.#door = door;
    this.#recorder = recorder;
    this.#gateway = gateway;
  }

  static async open(upstreams: readonly UpstreamDriver[]): Promise<Play> {
    const mock = new LLMock({ port: 0, chunkSize: 7, logLevel: 'silent' });
    for (const example of CASES) {
      const predicate = ({ messages }: { messages: unknown }): boolean => caseOf(messages) === example;
      for (const { model, answers } of upstreams) {
        if (answers !== undefined) mock.on({ model, predicate }, said(answers(example.answer, false)));
      }
      mock.on({ predicate }, said(example.answer));
    }
    await mock.start();
    const door = await VertexDoor.open(mock.url);
    const recorder = await Recorder.start(door.url);
    const { url } = recorder;
    const plugins = upstreams.map(({ id, plugin, options }) => ({ use: plugin, id: idOf(id), with: options(url) }));
    const models = Object.fromEntries(
      upstreams.map(({ id, model }) => [id, { targets: [{ provider: idOf(id), model }] }]),
    );
    const gateway = await startGateway({ upstream: url, plugins: DIALECTS, config: { plugins, models } });
    return new Play(mock, door, recorder, gateway);
  }

  /** The root of the gateway. */
  get url(): string {
    return this.#gateway.url;
  }

  /** Forgets what was, so that {@link exchange} tells of what comes. */
  reset(): void {
    this.#recorder.requests.length = 0;
    this.#gateway.records.length = 0;
  }

  /** What happened since. */
  async exchange(): Promise<Exchange> {
    const record = await this.#gateway.record();
    return { record, received: [...this.#recorder.requests] };
  }

  async close(): Promise<void> {
    await this.#gateway.close();
    await this.#recorder.stop();
    await this.#door.close();
    await this.#mock.stop();
  }
}

/** Test gateways have two providers of their own. */
const idOf = (id: string): string => `${id}-upstream`;

function said({ text, thought, calls, stop }: Answer) {
  const finishReason = stop === 'length' ? 'length' : undefined;
  const common = {
    usage: USAGE,
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(thought === undefined ? {} : { reasoning: thought }),
  };
  if (calls === undefined) return { content: text ?? '', ...common };
  const toolCalls = calls.map(({ id, name, arguments: args }) => ({ id, name, arguments: JSON.stringify(args) }));
  return { toolCalls, ...common };
}
