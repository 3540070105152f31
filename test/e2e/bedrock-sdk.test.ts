/** AWS's own SDK as client: every provider answers it in the Converse API, whole and as a binary event stream. */
import {
  ConverseCommand,
  ConverseStreamCommand,
  type BedrockRuntimeClient,
  type ContentBlock,
  type ConverseCommandInput,
  type ConverseStreamOutput,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsClient, BedrockStage, FORECAST, HELLO, THOUGHT } from './bedrock-stage.ts';

let stage: BedrockStage;
let client: BedrockRuntimeClient;

beforeAll(async () => {
  stage = await BedrockStage.open();
  client = awsClient(stage.url);
});

afterAll(async () => {
  client.destroy();
  await stage.close();
});

const says = (text: string): Message => ({ role: 'user', content: [{ text }] });
const USAGE = { inputTokens: 21, outputTokens: 13, totalTokens: 34 };
const json = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const toolConfig = { tools: [{ toolSpec: { name: 'get_weather', description: 'Weather.', inputSchema: { json } } }] };

interface Streamed {
  readonly text: string;
  readonly calls: { id: string | undefined; name: string | undefined; input: string }[];
  readonly thought: string;
  readonly stop: string | undefined;
  readonly usage: unknown;
  readonly events: ConverseStreamOutput[];
}

async function stream(input: ConverseCommandInput): Promise<Streamed> {
  const { stream: events = [] as never } = await client.send(new ConverseStreamCommand(input));
  const seen: ConverseStreamOutput[] = [];
  const found = { text: '', calls: [] as Streamed['calls'], thought: '' };
  for await (const event of events) {
    seen.push(event);
    const call = event.contentBlockStart?.start?.toolUse;
    if (call !== undefined) found.calls.push({ id: call.toolUseId, name: call.name, input: '' });
    const delta = event.contentBlockDelta?.delta;
    found.text += delta?.text ?? '';
    found.thought += delta?.reasoningContent?.text ?? '';
    const last = found.calls.at(-1);
    if (last !== undefined) last.input += delta?.toolUse?.input ?? '';
  }
  const stop = seen.find((event) => event.messageStop !== undefined)?.messageStop?.stopReason;
  return { ...found, stop, usage: seen.at(-1)?.metadata?.usage, events: seen };
}

describe.each(['gpt', 'claude', 'rock', 'house/rock:v1'])('answered by %s', (modelId) => {
  test('text, with usage and a reason to stop', async () => {
    const system = [{ text: 'Be kind.' }];
    const inferenceConfig = { maxTokens: 50, temperature: 0.5, stopSequences: ['END'] };
    const answer = await client.send(
      new ConverseCommand({ modelId, system, messages: [says('say hello')], inferenceConfig }),
    );
    expect(answer.output?.message).toEqual({ role: 'assistant', content: [{ text: HELLO }] });
    expect(answer.stopReason).toBe('end_turn');
    expect(answer.usage).toMatchObject(USAGE);
    expect(answer.metrics?.latencyMs).toBeTypeOf('number');
  });

  test('text in pieces', async () => {
    const answer = await stream({ modelId, messages: [says('say hello')] });
    expect(answer).toMatchObject({ text: HELLO, stop: 'end_turn', usage: USAGE });
    expect(answer.events[0]).toEqual({ messageStart: { role: 'assistant' } });
    expect(answer.events.filter((event) => event.contentBlockDelta !== undefined).length).toBeGreaterThan(3);
    expect(answer.events.filter((event) => event.metadata !== undefined)).toHaveLength(1);
  });

  test('an answer that is cut short says so', async () => {
    const messages = [says('be cut short')];
    const whole = await client.send(new ConverseCommand({ modelId, messages }));
    expect([whole.stopReason, (await stream({ modelId, messages })).stop]).toEqual(['max_tokens', 'max_tokens']);
  });

  test('two calls at once, streamed and not, and the answer to their results', async () => {
    const messages = [says('weather?')];
    const whole = await client.send(
      new ConverseCommand({ modelId, messages, toolConfig: { ...toolConfig, toolChoice: { any: {} } } }),
    );
    expect(whole.stopReason).toBe('tool_use');
    const content = whole.output?.message?.content ?? [];
    const uses = content.flatMap((block) => block.toolUse ?? []);
    expect(uses.map(({ name, input }) => [name, input])).toEqual([
      ['get_weather', { city: 'Oslo' }],
      ['get_weather', { city: 'Paris' }],
    ]);
    const streamed = await stream({ modelId, messages, toolConfig });
    expect(streamed.stop).toBe('tool_use');
    expect(streamed.calls.map(({ input }) => JSON.parse(input) as unknown)).toEqual([
      { city: 'Oslo' },
      { city: 'Paris' },
    ]);
    expect(new Set(streamed.calls.map(({ id }) => id)).size).toBe(2);
    const results = uses.map(({ toolUseId }, index): ContentBlock => ({
      toolResult: { toolUseId, content: [{ text: `${index} degrees` }], status: index === 0 ? 'error' : 'success' },
    }));
    const last = await client.send(
      new ConverseCommand({
        modelId,
        messages: [...messages, { role: 'assistant', content }, { role: 'user', content: results }],
        toolConfig,
      }),
    );
    expect(last.output?.message?.content).toEqual([{ text: FORECAST }]);
  });

  test("an error is an exception of the SDK's own", async () => {
    const sent = client.send(new ConverseCommand({ modelId, messages: [says('fail')] }));
    await expect(sent).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Too fast.' });
    await expect(stream({ modelId, messages: [says('fail')] })).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('a stream that breaks off ends with an exception, and not as if it were whole', async () => {
    const broken = stream({ modelId, messages: [says('break off')] });
    await expect(broken).rejects.toMatchObject({ name: 'ModelStreamErrorException' });
  });
});

test.each(['claude', 'rock'])('thinking comes from %s, whole and in pieces', async (modelId) => {
  const additionalModelRequestFields = { thinking: { type: 'enabled', budget_tokens: 1024 } };
  const input = {
    modelId,
    messages: [says('think')],
    additionalModelRequestFields,
    inferenceConfig: { maxTokens: 4000 },
  };
  const answer = await client.send(new ConverseCommand(input));
  expect(answer.output?.message?.content?.[0]?.reasoningContent?.reasoningText?.text).toBe(THOUGHT);
  expect((await stream(input)).thought).toBe(THOUGHT);
});

test('what another provider cannot do is refused with its name', async () => {
  const input = { modelId: 'gpt', messages: [says('say hello')], performanceConfig: { latency: 'optimized' as const } };
  await expect(client.send(new ConverseCommand(input))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('performanceConfig') as string,
  });
});

test('a model that nobody has, and a key that nobody knows', async () => {
  const command = new ConverseCommand({ modelId: 'nobody/has:this', messages: [says('say hello')] });
  await expect(client.send(command)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: expect.stringContaining('nobody/has:this') as string,
  });
  const stranger = awsClient(stage.url, 'a-key-of-a-stranger');
  await expect(stranger.send(new ConverseCommand({ modelId: 'gpt', messages: [] }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  stranger.destroy();
});
