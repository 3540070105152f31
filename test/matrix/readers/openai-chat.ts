/** What a request for a chat completion says. */
import { fact } from '../conversation.ts';
import { asJson, asList, has, settingFacts, textAt, type Json, type Reader } from '../reader.ts';

function part(item: Json, role: string): string {
  const image = /^data:([^;]+);base64,(.*)$/.exec(textAt(item['image_url'], 'url'));
  const file = /^data:application\/pdf;base64,(.*)$/.exec(textAt(item['file'], 'file_data'));
  if (item['type'] === 'image_url' && image !== null) return fact.image(image[1] ?? '', image[2] ?? '');
  // What Mistral calls it.
  const url = /^data:application\/pdf;base64,(.*)$/.exec(textAt(item, 'document_url'));
  if (item['type'] === 'document_url' && url !== null) return fact.pdf(url[1] ?? '');
  if (item['type'] === 'file' && file !== null) return fact.pdf(file[1] ?? '');
  return item['type'] === 'text' ? said(role, textAt(item, 'text')) : `? ${JSON.stringify(item)}`;
}

function said(role: string, text: string): string {
  if (role === 'system' || role === 'developer') return fact.system(text);
  if (role === 'tool') return fact.result(text);
  return role === 'assistant' ? fact.assistant(text) : fact.user(text);
}

function message(value: Json): string[] {
  const role = textAt(value, 'role');
  const { content } = value;
  const text = typeof content === 'string' && content !== '' ? [said(role, content)] : [];
  const calls = asList(value['tool_calls']).map((call) => {
    const { name, arguments: args } = asJson(call['function']);
    return fact.call(String(name), JSON.parse(String(args)));
  });
  return [...text, ...asList(content).map((item) => part(item, role)), ...calls];
}

export const readOpenaiChat: Reader = (body) => {
  const choice = asJson(asJson(body['tool_choice'])['function']);
  const format = asJson(asJson(body['response_format'])['json_schema']);
  const settings = settingFacts({
    tools: asList(body['tools']).map((tool) => ({
      name: textAt(tool['function'], 'name'),
      parameters: asJson(tool['function'])['parameters'],
    })),
    force: typeof choice['name'] === 'string' ? choice['name'] : undefined,
    schema: format['schema'],
    thinks: body['reasoning_effort'] !== undefined,
    stops: typeof body['stop'] === 'string' ? [body['stop']] : body['stop'],
    cached: has(body['messages'], 'prompt_cache_breakpoint'),
    limit: body['max_completion_tokens'] ?? body['max_tokens'],
    stream: body['stream'] === true,
  });
  return [...asList(body['messages']).flatMap(message), ...settings];
};
