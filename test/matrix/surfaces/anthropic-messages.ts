/** Anthropic's SDK, asking for messages. */
import Anthropic from '@anthropic-ai/sdk';
import { fact, LIMIT, PARAMETERS, TOOL_TEXT, type Conversation, type Turn } from '../conversation.ts';
import type { SurfaceDriver } from '../surface.ts';

type Block = Anthropic.ContentBlockParam;

function message(turn: Turn): Anthropic.MessageParam {
  if ('user' in turn) return { role: 'user', content: said(turn) };
  if ('assistant' in turn) {
    const text: Block[] = turn.assistant === '' ? [] : [{ type: 'text', text: turn.assistant }];
    const calls = (turn.calls ?? []).map(({ id, name, arguments: input }): Block => ({
      type: 'tool_use',
      id,
      name,
      input,
    }));
    return { role: 'assistant', content: [...text, ...calls] };
  }
  const results = turn.results.map(({ call, text, failed }): Block => {
    const failure = failed === true ? { is_error: true } : {};
    return { type: 'tool_result', tool_use_id: call.id, content: text, ...failure };
  });
  return { role: 'user', content: results };
}

function said({ user, image, pdf }: Extract<Turn, { user: string }>): string | Block[] {
  if (image === undefined && pdf === undefined) return user;
  const blocks: Block[] = [];
  if (image !== undefined)
    blocks.push({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } });
  if (pdf !== undefined)
    blocks.push({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } });
  return [...blocks, { type: 'text', text: user }];
}

function request(asks: Conversation, model: string): Anthropic.MessageCreateParamsNonStreaming {
  const { system, turns, tools, force, schema, thinks, stops, cached } = asks;
  const mark = cached === true ? { cache_control: { type: 'ephemeral' as const } } : {};
  const functions = tools?.map((name): Anthropic.Tool => ({
    name,
    description: TOOL_TEXT,
    input_schema: { ...PARAMETERS, required: [...PARAMETERS.required] },
  }));
  return {
    model,
    messages: turns.map(message),
    max_tokens: LIMIT,
    ...(system === undefined ? {} : { system: [{ type: 'text', text: system, ...mark }] }),
    ...(functions === undefined ? {} : { tools: functions }),
    ...(force === undefined ? {} : { tool_choice: { type: 'tool', name: force } }),
    ...(schema === undefined ? {} : { output_config: { format: { type: 'json_schema', schema: { ...schema } } } }),
    ...(thinks === true ? { thinking: { type: 'enabled', budget_tokens: 2048 } } : {}),
    ...(stops === undefined ? {} : { stop_sequences: [...stops] }),
  };
}

const STOPS: Readonly<Record<string, string>> = { end_turn: 'stop', max_tokens: 'length', tool_use: 'tool-calls' };

function facts({ content, stop_reason: reason, usage }: Anthropic.Message): string[] {
  const shown = content.flatMap((block) => {
    if (block.type === 'thinking') return [fact.thought(block.thinking)];
    if (block.type === 'text') return [fact.text(block.text)];
    return block.type === 'tool_use' ? [fact.call(block.name, block.input)] : [`block: ${block.type}`];
  });
  const ended = fact.ended(STOPS[reason ?? ''] ?? `? ${reason}`);
  return [...shown, ended, fact.usage(usage.input_tokens, usage.output_tokens)];
}

export const anthropicMessages: SurfaceDriver = {
  id: 'anthropic-messages',
  sdk: '@anthropic-ai/sdk',
  inexpressible: {},
  async ask({ asks }, { url, model, stream }) {
    const client = new Anthropic({ baseURL: url, apiKey: 'client-key', maxRetries: 0 });
    const body = request(asks, model);
    return facts(stream ? await client.messages.stream(body).finalMessage() : await client.messages.create(body));
  },
};
