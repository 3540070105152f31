/** Ollama's own client, asking for chats. */
import { Ollama, type ChatResponse, type Message, type Tool } from 'ollama';
import { fact, LIMIT, PARAMETERS, TOOL_TEXT, type Conversation, type Turn } from '../conversation.ts';
import type { SurfaceDriver } from '../surface.ts';

function messages(turn: Turn): Message[] {
  if ('user' in turn) {
    return [{ role: 'user', content: turn.user, ...(turn.image === undefined ? {} : { images: [turn.image] }) }];
  }
  if ('assistant' in turn) {
    const calls = (turn.calls ?? []).map(({ name, arguments: args }) => ({ function: { name, arguments: args } }));
    return [{ role: 'assistant', content: turn.assistant, ...(calls.length === 0 ? {} : { tool_calls: calls }) }];
  }
  return turn.results.map(({ call, text }) => ({ role: 'tool', content: text, tool_name: call.name }));
}

function request({ system, turns, tools, schema, thinks, stops }: Conversation, model: string) {
  const functions = tools?.map((name): Tool => ({
    type: 'function',
    function: {
      name,
      description: TOOL_TEXT,
      parameters: { ...PARAMETERS, required: [...PARAMETERS.required], properties: { city: { type: 'string' } } },
    },
  }));
  return {
    model,
    messages: [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...turns.flatMap(messages)],
    options: { num_predict: LIMIT, ...(stops === undefined ? {} : { stop: [...stops] }) },
    ...(functions === undefined ? {} : { tools: functions }),
    ...(schema === undefined ? {} : { format: schema }),
    ...(thinks === true ? { think: true } : {}),
  };
}

function facts(pieces: readonly ChatResponse[]): string[] {
  const said = (key: 'content' | 'thinking'): string => pieces.map(({ message }) => message[key] ?? '').join('');
  const calls = pieces.flatMap(({ message }) => message.tool_calls ?? []);
  const last = pieces.at(-1);
  const ended = last?.done_reason === 'stop' ? (calls.length > 0 ? 'tool-calls' : 'stop') : last?.done_reason;
  return [
    ...(said('thinking') === '' ? [] : [fact.thought(said('thinking'))]),
    ...(said('content') === '' ? [] : [fact.text(said('content'))]),
    ...calls.map((call) => fact.call(call.function.name, call.function.arguments)),
    fact.ended(ended === 'tool_calls' ? 'tool-calls' : (ended ?? '? nothing')),
    fact.usage(last?.prompt_eval_count ?? -1, last?.eval_count ?? -1),
  ];
}

export const ollamaChat: SurfaceDriver = {
  id: 'ollama-chat',
  sdk: 'ollama',
  inexpressible: {
    document: 'the API takes images and no documents',
    'tool-error': 'the result of a tool has no mark for a failure',
    'forced-tool': 'the API has no choice of tools',
    'cache-marks': 'prompts are cached without marks',
  },
  async ask({ asks }, { url, model, stream }) {
    const client = new Ollama({ host: url });
    const body = request(asks, model);
    if (!stream) return facts([await client.chat(body)]);
    const pieces: ChatResponse[] = [];
    for await (const piece of await client.chat({ ...body, stream: true })) pieces.push(piece);
    return facts(pieces);
  },
};
