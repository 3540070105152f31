/** Cohere's SDK, asking for chats. */
import { CohereClientV2, type Cohere } from 'cohere-ai';
import { fact, LIMIT, PARAMETERS, TOOL_TEXT, type Conversation, type Turn } from '../conversation.ts';
import type { SurfaceDriver } from '../surface.ts';

function messages(turn: Turn): Cohere.ChatMessageV2[] {
  if ('user' in turn) {
    const { user, image } = turn;
    if (image === undefined) return [{ role: 'user', content: user }];
    const imageUrl = { url: `data:image/png;base64,${image}` };
    return [
      {
        role: 'user',
        content: [
          { type: 'image_url', imageUrl },
          { type: 'text', text: user },
        ],
      },
    ];
  }
  if ('assistant' in turn) {
    const toolCalls = (turn.calls ?? []).map(({ id, name, arguments: args }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: JSON.stringify(args) },
    }));
    if (toolCalls.length === 0) return [{ role: 'assistant', content: turn.assistant }];
    return [{ role: 'assistant', toolCalls, ...(turn.assistant === '' ? {} : { toolPlan: turn.assistant }) }];
  }
  return turn.results.map(({ call, text }) => ({ role: 'tool', toolCallId: call.id, content: text }));
}

function request(asks: Conversation, model: string): Cohere.V2ChatRequest {
  const { system, turns, tools, schema, thinks, stops } = asks;
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...turns.flatMap(messages),
    ],
    maxTokens: LIMIT,
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map((name) => ({
            type: 'function' as const,
            function: { name, description: TOOL_TEXT, parameters: { ...PARAMETERS } },
          })),
        }),
    ...(schema === undefined ? {} : { responseFormat: { type: 'json_object' as const, jsonSchema: { ...schema } } }),
    ...(thinks === true ? { thinking: { type: 'enabled' as const, tokenBudget: 2048 } } : {}),
    ...(stops === undefined ? {} : { stopSequences: [...stops] }),
  };
}

const STOPS: Readonly<Record<string, string>> = { COMPLETE: 'stop', MAX_TOKENS: 'length', TOOL_CALL: 'tool-calls' };

/** What an answer amounts to. */
interface Said {
  thought: string;
  text: string;
  readonly calls: { name: string; args: string }[];
  stop: string | undefined;
  usage: Cohere.Usage | undefined;
}

function facts({ thought, text, calls, stop, usage }: Said): string[] {
  return [
    ...(thought === '' ? [] : [fact.thought(thought)]),
    ...(text === '' ? [] : [fact.text(text)]),
    ...calls.map(({ name, args }) => fact.call(name, JSON.parse(args))),
    fact.ended(STOPS[stop ?? ''] ?? `? ${stop}`),
    fact.usage(usage?.billedUnits?.inputTokens ?? -1, usage?.billedUnits?.outputTokens ?? -1),
  ];
}

function whole({ message, finishReason, usage }: Cohere.V2ChatResponse): Said {
  const blocks = message.content ?? [];
  const calls = (message.toolCalls ?? []).map((call) => ({
    name: call.function?.name ?? '',
    args: call.function?.arguments ?? '',
  }));
  return {
    thought: blocks.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    text: blocks.map((block) => (block.type === 'text' ? block.text : '')).join('') + (message.toolPlan ?? ''),
    calls,
    stop: finishReason,
    usage,
  };
}

function add(said: Said, event: Cohere.V2ChatStreamResponse): void {
  switch (event.type) {
    case 'content-start':
    case 'content-delta': {
      const { text, thinking } = event.delta?.message?.content ?? {};
      said.text += text ?? '';
      said.thought += thinking ?? '';
      return;
    }
    case 'tool-plan-delta':
      said.text += event.delta?.message?.toolPlan ?? '';
      return;
    case 'tool-call-start': {
      const call = event.delta?.message?.toolCalls?.function;
      said.calls[event.index ?? 0] = { name: call?.name ?? '', args: call?.arguments ?? '' };
      return;
    }
    case 'tool-call-delta': {
      const call = said.calls[event.index ?? 0];
      if (call !== undefined) call.args += event.delta?.message?.toolCalls?.function?.arguments ?? '';
      return;
    }
    case 'message-end':
      said.stop = event.delta?.error === undefined ? event.delta?.finishReason : `error: ${event.delta.error}`;
      said.usage = event.delta?.usage;
      return;
    default:
  }
}

export const cohereChat: SurfaceDriver = {
  id: 'cohere-chat',
  sdk: 'cohere-ai',
  inexpressible: {
    document: 'documents are text or JSON',
    'tool-error': 'a tool message has no mark for a failure',
    'forced-tool': 'no tool can be named: some tool must be called, or none',
    'many-stops': 'the API takes up to five stop sequences',
    'cache-marks': 'prompts are cached without marks',
  },
  async ask({ asks }, { url, model, stream }) {
    const client = new CohereClientV2({ environment: url, token: 'client-key', maxRetries: 0 });
    const body = request(asks, model);
    if (!stream) return facts(whole(await client.chat(body)));
    const said: Said = { thought: '', text: '', calls: [], stop: undefined, usage: undefined };
    for await (const event of await client.chatStream(body)) add(said, event);
    return facts(said);
  },
};
