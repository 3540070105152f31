/** OpenAI's SDK, asking the Responses API. */
import OpenAI from 'openai';
import { fact, LIMIT, PARAMETERS, TOOL_TEXT, type Conversation, type Turn } from '../conversation.ts';
import type { SurfaceDriver } from '../surface.ts';

type Item = OpenAI.Responses.ResponseInputItem;

function items(turn: Turn): Item[] {
  if ('user' in turn) {
    const content: OpenAI.Responses.ResponseInputContent[] = [];
    const { user, image, pdf } = turn;
    if (image !== undefined) {
      content.push({ type: 'input_image', image_url: `data:image/png;base64,${image}`, detail: 'auto' });
    }
    const data = `data:application/pdf;base64,${pdf}`;
    if (pdf !== undefined) content.push({ type: 'input_file', filename: 'a.pdf', file_data: data });
    return [{ role: 'user', content: [...content, { type: 'input_text', text: user }] }];
  }
  if ('assistant' in turn) {
    const said: Item[] = turn.assistant === '' ? [] : [{ role: 'assistant', content: turn.assistant }];
    const calls = (turn.calls ?? []).map(({ id, name, arguments: args }): Item => ({
      type: 'function_call',
      call_id: id,
      name,
      arguments: JSON.stringify(args),
    }));
    return [...said, ...calls];
  }
  return turn.results.map(({ call, text }) => ({ type: 'function_call_output', call_id: call.id, output: text }));
}

function request(asks: Conversation, model: string): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  const { system, turns, tools, force, schema, thinks } = asks;
  const functions = tools?.map((name): OpenAI.Responses.FunctionTool => ({
    type: 'function',
    name,
    description: TOOL_TEXT,
    parameters: PARAMETERS,
    strict: false,
  }));
  const format = { type: 'json_schema' as const, name: 'person', schema: { ...schema }, strict: true };
  return {
    model,
    input: turns.flatMap(items),
    max_output_tokens: LIMIT,
    // What is kept with the provider is not asked here.
    store: false,
    ...(system === undefined ? {} : { instructions: system }),
    ...(functions === undefined ? {} : { tools: functions }),
    ...(force === undefined ? {} : { tool_choice: { type: 'function', name: force } }),
    ...(schema === undefined ? {} : { text: { format } }),
    ...(thinks === true ? { reasoning: { effort: 'medium', summary: 'auto' } } : {}),
  };
}

function facts({ output, status, incomplete_details: why, usage }: OpenAI.Responses.Response): string[] {
  const shown = output.flatMap((item) => {
    if (item.type === 'reasoning') return item.summary.map(({ text }) => fact.thought(text));
    if (item.type === 'function_call') return [fact.call(item.name, JSON.parse(item.arguments))];
    if (item.type !== 'message') return [`item: ${item.type}`];
    return item.content.map((part) => fact.text(part.type === 'output_text' ? part.text : `? ${part.type}`));
  });
  const called = output.some(({ type }) => type === 'function_call') ? 'tool-calls' : 'stop';
  // The upstream of the play does not say why.
  const cut = why?.reason === 'max_output_tokens' || why === undefined ? 'length' : `? ${why?.reason}`;
  return [
    ...shown,
    fact.ended(status === 'completed' ? called : cut),
    fact.usage(usage?.input_tokens ?? -1, usage?.output_tokens ?? -1),
  ];
}

export const openaiResponses: SurfaceDriver = {
  id: 'openai-responses',
  sdk: 'openai',
  inexpressible: {
    'tool-error': 'an output has no mark for a failure',
    'long-stops': 'the API has no stop sequences',
    'many-stops': 'the API has no stop sequences',
    'cache-marks': 'prompts are cached without marks',
  },
  async ask({ asks }, { url, model, stream }) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'client-key', maxRetries: 0 });
    const body = request(asks, model);
    if (!stream) return facts(await client.responses.create(body));
    return facts(await client.responses.stream({ ...body, stream: true }).finalResponse());
  },
};
