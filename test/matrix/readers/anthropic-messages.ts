/** What a request for a message says. */
import { fact } from '../conversation.ts';
import { asJson, asList, has, settingFacts, textAt, type Json, type Reader } from '../reader.ts';

function block(value: Json, role: string): string[] {
  const source = asJson(value['source']);
  switch (value['type']) {
    case 'text':
      return [role === 'assistant' ? fact.assistant(textAt(value, 'text')) : fact.user(textAt(value, 'text'))];
    case 'image':
      return [fact.image(textAt(source, 'media_type'), textAt(source, 'data'))];
    case 'document':
      return source['media_type'] === 'application/pdf' ? [fact.pdf(textAt(source, 'data'))] : ['? document'];
    case 'tool_use':
      return [fact.call(textAt(value, 'name'), value['input'])];
    case 'tool_result':
      return [...results(value['content']), ...(value['is_error'] === true ? [fact.failed] : [])];
    default:
      return [`? ${JSON.stringify(value)}`];
  }
}

const results = (content: unknown): string[] =>
  typeof content === 'string' ? [fact.result(content)] : asList(content).map((one) => fact.result(textAt(one, 'text')));

const blocks = (content: unknown): readonly Json[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : asList(content);

export const readAnthropicMessages: Reader = (body) => {
  const choice = asJson(body['tool_choice']);
  const output = asJson(body['output_config']);
  const thinking = textAt(body['thinking'], 'type');
  const settings = settingFacts({
    tools: asList(body['tools']).map((tool) => ({ name: textAt(tool, 'name'), parameters: tool['input_schema'] })),
    force: choice['type'] === 'tool' ? textAt(choice, 'name') : undefined,
    schema: asJson(output['format'])['schema'],
    thinks: thinking === 'enabled' || thinking === 'adaptive' || output['effort'] !== undefined,
    stops: body['stop_sequences'],
    cached: has(body, 'cache_control'),
    limit: body['max_tokens'],
    stream: body['stream'] === true,
  });
  return [
    ...blocks(body['system']).map((one) => fact.system(textAt(one, 'text'))),
    ...asList(body['messages']).flatMap(({ role, content }) =>
      blocks(content).flatMap((one) => block(one, String(role))),
    ),
    ...settings,
  ];
};
