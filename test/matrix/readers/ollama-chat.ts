/** What a request to Ollama's chat says. */
import { fact } from '../conversation.ts';
import { asJson, asList, isJson, settingFacts, textAt, type Json, type Reader } from '../reader.ts';

function said(role: string, text: string): string {
  if (role === 'system') return fact.system(text);
  if (role === 'tool') return fact.result(text);
  return role === 'assistant' ? fact.assistant(text) : fact.user(text);
}

function message(value: Json): string[] {
  const role = textAt(value, 'role');
  const text = textAt(value, 'content');
  const images = Array.isArray(value['images']) ? (value['images'] as unknown[]) : [];
  const calls = asList(value['tool_calls']).map(({ function: called }) =>
    fact.call(textAt(called, 'name'), asJson(called)['arguments']),
  );
  // The format of an image is not said: its bytes say it.
  return [
    ...images.map((image) => fact.image('image/png', String(image))),
    ...(text === '' ? [] : [said(role, text)]),
    ...calls,
  ];
}

export const readOllamaChat: Reader = (body) => {
  const options = asJson(body['options']);
  const settings = settingFacts({
    tools: asList(body['tools']).map((tool) => ({
      name: textAt(tool['function'], 'name'),
      parameters: asJson(tool['function'])['parameters'],
    })),
    force: undefined,
    schema: isJson(body['format']) ? body['format'] : undefined,
    thinks: body['think'] !== undefined && body['think'] !== false,
    stops: options['stop'],
    cached: false,
    limit: options['num_predict'],
    stream: body['stream'] !== false,
  });
  return [...asList(body['messages']).flatMap(message), ...settings];
};
