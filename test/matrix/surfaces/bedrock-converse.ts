/** AWS's SDK, asking Bedrock's Converse API. */
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ContentBlock,
  type ConverseCommandInput,
  type ConverseStreamOutput,
  type Message,
  type TokenUsage,
  type ToolInputSchema,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { fact, LIMIT, PARAMETERS, TOOL_TEXT, type Conversation, type Turn } from '../conversation.ts';
import type { SurfaceDriver } from '../surface.ts';

function message(turn: Turn): Message {
  if ('user' in turn) {
    const { user, image, pdf } = turn;
    const blocks: ContentBlock[] = [];
    if (image !== undefined) blocks.push({ image: { format: 'png', source: { bytes: Buffer.from(image, 'base64') } } });
    if (pdf !== undefined) {
      blocks.push({ document: { format: 'pdf', name: 'a', source: { bytes: Buffer.from(pdf, 'base64') } } });
    }
    return { role: 'user', content: [...blocks, { text: user }] };
  }
  if ('assistant' in turn) {
    const text: ContentBlock[] = turn.assistant === '' ? [] : [{ text: turn.assistant }];
    const calls = (turn.calls ?? []).map(({ id, name, arguments: input }): ContentBlock => ({
      toolUse: { toolUseId: id, name, input },
    }));
    return { role: 'assistant', content: [...text, ...calls] };
  }
  const results = turn.results.map(({ call, text, failed }): ContentBlock => {
    const status = failed === true ? 'error' : 'success';
    return { toolResult: { toolUseId: call.id, content: [{ text }], status } };
  });
  return { role: 'user', content: results };
}

function request(asks: Conversation, modelId: string): ConverseCommandInput {
  const { system, turns, tools, force, schema, thinks, stops, cached } = asks;
  const inputSchema = { json: PARAMETERS } as unknown as ToolInputSchema;
  const functions = tools?.map((name) => ({ toolSpec: { name, description: TOOL_TEXT, inputSchema } }));
  const choice = force === undefined ? {} : { toolChoice: { tool: { name: force } } };
  const structure = { jsonSchema: { schema: JSON.stringify(schema), name: 'person' } };
  const mark = cached === true ? [{ cachePoint: { type: 'default' as const } }] : [];
  const thinking = { thinking: { type: 'enabled', budget_tokens: 2048 } };
  return {
    modelId,
    messages: turns.map(message),
    inferenceConfig: { maxTokens: LIMIT, ...(stops === undefined ? {} : { stopSequences: [...stops] }) },
    ...(system === undefined ? {} : { system: [{ text: system }, ...mark] }),
    ...(functions === undefined ? {} : { toolConfig: { tools: functions, ...choice } }),
    ...(schema === undefined ? {} : { outputConfig: { textFormat: { type: 'json_schema', structure } } }),
    ...(thinks === true ? { additionalModelRequestFields: thinking } : {}),
  };
}

const STOPS: Readonly<Record<string, string>> = { end_turn: 'stop', max_tokens: 'length', tool_use: 'tool-calls' };

const ending = (reason: string | undefined, usage: TokenUsage | undefined): string[] => [
  fact.ended(STOPS[reason ?? ''] ?? `? ${reason}`),
  fact.usage(usage?.inputTokens ?? -1, usage?.outputTokens ?? -1),
];

function facts(blocks: readonly ContentBlock[]): string[] {
  return blocks.flatMap((block) => {
    const thought = block.reasoningContent?.reasoningText?.text;
    if (thought !== undefined) return [fact.thought(thought)];
    if (block.text !== undefined) return [fact.text(block.text)];
    return block.toolUse === undefined ? [] : [fact.call(block.toolUse.name ?? '', block.toolUse.input)];
  });
}

interface OpenBlock {
  text: string;
  thought: string;
  call: { name: string; input: string } | undefined;
}

/** A block of a stream as it would be in a whole answer. */
function whole({ text, thought, call }: OpenBlock): ContentBlock {
  if (call !== undefined) {
    return { toolUse: { toolUseId: '', name: call.name, input: JSON.parse(call.input) as Record<string, string> } };
  }
  return thought === '' ? { text } : { reasoningContent: { reasoningText: { text: thought } } };
}

/** The blocks of a stream, put together. */
async function gather(events: AsyncIterable<ConverseStreamOutput>): Promise<string[]> {
  const blocks: OpenBlock[] = [];
  let reason: string | undefined;
  let usage: TokenUsage | undefined;
  for await (const { contentBlockStart: start, contentBlockDelta: piece, messageStop, metadata } of events) {
    const index = (start ?? piece)?.contentBlockIndex;
    if (index !== undefined) {
      const block = (blocks[index] ??= { text: '', thought: '', call: undefined });
      const call = start?.start?.toolUse;
      if (call !== undefined) block.call = { name: call.name ?? '', input: '' };
      block.text += piece?.delta?.text ?? '';
      block.thought += piece?.delta?.reasoningContent?.text ?? '';
      if (block.call !== undefined) block.call.input += piece?.delta?.toolUse?.input ?? '';
    }
    reason = messageStop?.stopReason ?? reason;
    usage = metadata?.usage ?? usage;
  }
  return [...facts(blocks.map(whole)), ...ending(reason, usage)];
}

export const bedrockConverse: SurfaceDriver = {
  id: 'bedrock-converse',
  sdk: '@aws-sdk/client-bedrock-runtime',
  inexpressible: {},
  async ask({ asks }, { url, model, stream }) {
    const client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: url,
      token: { token: 'client-key' },
      authSchemePreference: ['httpBearerAuth'],
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 1,
    });
    try {
      const body = request(asks, model);
      if (stream)
        return await gather((await client.send(new ConverseStreamCommand(body))).stream ?? (async function* () {})());
      const { output, stopReason, usage } = await client.send(new ConverseCommand(body));
      return [...facts(output?.message?.content ?? []), ...ending(stopReason, usage)];
    } finally {
      client.destroy();
    }
  },
};
