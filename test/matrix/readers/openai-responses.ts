/** What a request to the Responses API says. */
import { fact } from '../conversation.ts';
import { asJson, asList, settingFacts, textAt, type Json, type Reader } from '../reader.ts';

function part(item: Json, role: string): string {
  const image = /^data:([^;]+);base64,(.*)$/.exec(textAt(item, 'image_url'));
  const file = /^data:application\/pdf;base64,(.*)$/.exec(textAt(item, 'file_data'));
  if (item['type'] === 'input_image' && image !== null) return fact.image(image[1] ?? '', image[2] ?? '');
  if (item['type'] === 'input_file' && file !== null) return fact.pdf(file[1] ?? '');
  const isText = item['type'] === 'input_text' || item['type'] === 'output_text';
  return isText ? said(role, textAt(item, 'text')) : `? ${JSON.stringify(item)}`;
}

function said(role: string, text: string): string {
  if (role === 'system' || role === 'developer') return fact.system(text);
  return role === 'assistant' ? fact.assistant(text) : fact.user(text);
}

function input(item: Json): string[] {
  const { content, output } = item;
  if (item['type'] === 'function_call') {
    return [fact.call(textAt(item, 'name'), JSON.parse(textAt(item, 'arguments')))];
  }
  if (item['type'] === 'function_call_output') {
    return typeof output === 'string'
      ? [fact.result(output)]
      : asList(output).map((one) => fact.result(textAt(one, 'text')));
  }
  const role = textAt(item, 'role');
  return typeof content === 'string' ? [said(role, content)] : asList(content).map((one) => part(one, role));
}

export const readOpenaiResponses: Reader = (body) => {
  const choice = asJson(body['tool_choice']);
  const instructions = textAt(body, 'instructions');
  const said = body['input'];
  const settings = settingFacts({
    tools: asList(body['tools']).map((tool) => ({ name: textAt(tool, 'name'), parameters: tool['parameters'] })),
    force: choice['type'] === 'function' ? textAt(choice, 'name') : undefined,
    schema: asJson(asJson(body['text'])['format'])['schema'],
    thinks: asJson(body['reasoning'])['effort'] !== undefined,
    stops: [],
    cached: false,
    limit: body['max_output_tokens'],
    stream: body['stream'] === true,
  });
  return [
    ...(instructions === '' ? [] : [fact.system(instructions)]),
    ...(typeof said === 'string' ? [fact.user(said)] : asList(said).flatMap(input)),
    ...settings,
  ];
};
