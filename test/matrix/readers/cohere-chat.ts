/** What a request to Cohere's chat says. */
import { fact } from '../conversation.ts';
import { asJson, asList, settingFacts, textAt, type Json, type Reader } from '../reader.ts';

function said(role: string, text: string): string {
  if (role === 'system') return fact.system(text);
  if (role === 'tool') return fact.result(text);
  return role === 'assistant' ? fact.assistant(text) : fact.user(text);
}

function block(item: Json, role: string): string[] {
  const image = /^data:([^;]+);base64,(.*)$/.exec(textAt(item['image_url'], 'url'));
  if (item['type'] === 'image_url' && image !== null) return [fact.image(image[1] ?? '', image[2] ?? '')];
  if (item['type'] === 'text') return [said(role, textAt(item, 'text'))];
  // The names of a document's fields go to the model: one with an error says that the tool failed.
  const failure = textAt(asJson(item['document'])['data'], 'error');
  return failure === '' ? [`? ${JSON.stringify(item)}`] : [fact.result(failure), fact.failed];
}

function message(value: Json): string[] {
  const role = textAt(value, 'role');
  const { content } = value;
  const plan = textAt(value, 'tool_plan');
  const calls = asList(value['tool_calls']).map((call) => {
    const { name, arguments: args } = asJson(call['function']);
    return fact.call(String(name), JSON.parse(String(args)));
  });
  return [
    ...(typeof content === 'string' ? [said(role, content)] : asList(content).flatMap((item) => block(item, role))),
    ...(plan === '' ? [] : [fact.assistant(plan)]),
    ...calls,
  ];
}

export const readCohereChat: Reader = (body) => {
  const tools = asList(body['tools']).map((tool) => asJson(tool['function']));
  const [only] = tools;
  // A tool that is alone and must be called is what others call by its name.
  const isForced = body['tool_choice'] === 'REQUIRED' && tools.length === 1;
  const settings = settingFacts({
    tools: tools.map((tool) => ({ name: textAt(tool, 'name'), parameters: tool['parameters'] })),
    force: isForced ? textAt(only, 'name') : undefined,
    schema: asJson(body['response_format'])['json_schema'],
    thinks: asJson(body['thinking'])['type'] === 'enabled',
    stops: body['stop_sequences'],
    cached: false,
    limit: body['max_tokens'],
    stream: body['stream'] === true,
  });
  return [...asList(body['messages']).flatMap(message), ...settings];
};
