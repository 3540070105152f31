/** OpenAI's SDK, asking for chat completions. */
import OpenAI from 'openai';
import { fact, LIMIT, PARAMETERS, TOOL_TEXT, type Conversation, type Turn } from '../conversation.ts';
import { textAt } from '../reader.ts';
import type { SurfaceDriver } from '../surface.ts';

type Message = OpenAI.ChatCompletionMessageParam;

function messages(turn: Turn): Message[] {
  if ('user' in turn) return [{ role: 'user', content: content(turn) }];
  if ('assistant' in turn) {
    const calls = (turn.calls ?? []).map(({ id, name, arguments: args }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: JSON.stringify(args) },
    }));
    return [{ role: 'assistant', content: turn.assistant || null, ...(calls.length > 0 ? { tool_calls: calls } : {}) }];
  }
  return turn.results.map(({ call, text }) => ({ role: 'tool', tool_call_id: call.id, content: text }));
}

function content({ user, image, pdf }: Extract<Turn, { user: string }>): string | OpenAI.ChatCompletionContentPart[] {
  if (image === undefined && pdf === undefined) return user;
  const parts: OpenAI.ChatCompletionContentPart[] = [];
  if (image !== undefined) parts.push({ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } });
  const data = `data:application/pdf;base64,${pdf}`;
  if (pdf !== undefined) parts.push({ type: 'file', file: { filename: 'a.pdf', file_data: data } });
  return [...parts, { type: 'text', text: user }];
}

function system({ system: text, cached }: Conversation): Message[] {
  if (text === undefined) return [];
  const mark = { prompt_cache_breakpoint: { mode: 'explicit' as const } };
  return [{ role: 'system', content: cached === true ? [{ type: 'text', text, ...mark }] : text }];
}

function request(asks: Conversation, model: string): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { turns, tools, force, schema, thinks, stops } = asks;
  const functions = tools?.map((name) => ({
    type: 'function' as const,
    function: { name, description: TOOL_TEXT, parameters: PARAMETERS },
  }));
  const format = { name: 'person', schema: { ...schema }, strict: true };
  return {
    model,
    messages: [...system(asks), ...turns.flatMap(messages)],
    max_completion_tokens: LIMIT,
    ...(functions === undefined ? {} : { tools: functions }),
    ...(force === undefined ? {} : { tool_choice: { type: 'function', function: { name: force } } }),
    ...(schema === undefined ? {} : { response_format: { type: 'json_schema', json_schema: format } }),
    ...(thinks === true ? { reasoning_effort: 'medium' } : {}),
    ...(stops === undefined ? {} : { stop: [...stops] }),
  };
}

const STOPS: Readonly<Record<string, string>> = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' };

function facts({ choices, usage }: OpenAI.ChatCompletion, thought: string): string[] {
  const [choice] = choices;
  const calls = (choice?.message.tool_calls ?? []).filter((call) => call.type === 'function');
  const text = choice?.message.content ?? '';
  return [
    ...(thought === '' ? [] : [fact.thought(thought)]),
    ...(text === '' ? [] : [fact.text(text)]),
    ...calls.map(({ function: { name, arguments: args } }) => fact.call(name, JSON.parse(args))),
    fact.ended(STOPS[choice?.finish_reason ?? ''] ?? `? ${choice?.finish_reason}`),
    fact.usage(usage?.prompt_tokens ?? -1, usage?.completion_tokens ?? -1),
  ];
}

/** Where servers of this dialect put thoughts; the SDK's types do not have it. */
const thoughtOf = (message: object | undefined): string => textAt(message, 'reasoning_content');

export const openaiChat: SurfaceDriver = {
  id: 'openai-chat',
  sdk: 'openai',
  inexpressible: {
    'tool-error': 'a tool message has no mark for a failure',
    'many-stops': 'the API takes up to four stop sequences',
  },
  async ask({ asks }, { url, model, stream }) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'client-key', maxRetries: 0 });
    const body = request(asks, model);
    if (!stream) {
      const answer = await client.chat.completions.create(body);
      return facts(answer, thoughtOf(answer.choices[0]?.message));
    }
    const runner = client.chat.completions.stream({ ...body, stream: true, stream_options: { include_usage: true } });
    let thought = '';
    runner.on('chunk', ({ choices }) => (thought += thoughtOf(choices[0]?.delta)));
    return facts(await runner.finalChatCompletion(), thought);
  },
};
