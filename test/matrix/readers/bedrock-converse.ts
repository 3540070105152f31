/** What a request to Bedrock's Converse API says. */
import { fact } from '../conversation.ts';
import { asJson, asList, has, settingFacts, textAt, type Json, type Reader } from '../reader.ts';

const bytesOf = (value: Json): string => textAt(value['source'], 'bytes');

function block(value: Json, role: string): string[] {
  const { text, image, document, toolUse, toolResult } = value;
  if (typeof text === 'string') return [role === 'assistant' ? fact.assistant(text) : fact.user(text)];
  if (image !== undefined) return [fact.image(`image/${textAt(image, 'format')}`, bytesOf(asJson(image)))];
  if (document !== undefined && textAt(document, 'format') === 'pdf') return [fact.pdf(bytesOf(asJson(document)))];
  if (toolUse !== undefined) return [fact.call(textAt(toolUse, 'name'), asJson(toolUse)['input'])];
  if (toolResult === undefined) return value['cachePoint'] === undefined ? [`? ${JSON.stringify(value)}`] : [];
  const texts = asList(asJson(toolResult)['content']).map((one) => fact.result(textAt(one, 'text')));
  return [...texts, ...(textAt(toolResult, 'status') === 'error' ? [fact.failed] : [])];
}

export const readBedrockConverse: Reader = (body, path) => {
  const inference = asJson(body['inferenceConfig']);
  const { tools, toolChoice } = asJson(body['toolConfig']);
  const output = asJson(body['outputConfig']);
  const schema = textAt(asJson(asJson(output['textFormat'])['structure'])['jsonSchema'], 'schema');
  const thinking = asJson(asJson(body['additionalModelRequestFields'])['thinking']);
  const specs = asList(tools).flatMap(({ toolSpec }) => (toolSpec === undefined ? [] : [asJson(toolSpec)]));
  const settings = settingFacts({
    tools: specs.map((spec) => ({ name: textAt(spec, 'name'), parameters: asJson(spec['inputSchema'])['json'] })),
    force: textAt(asJson(toolChoice)['tool'], 'name') || undefined,
    schema: schema === '' ? undefined : JSON.parse(schema),
    thinks: thinking['type'] === 'enabled' || output['effort'] !== undefined,
    stops: inference['stopSequences'],
    cached: has(body, 'cachePoint'),
    limit: inference['maxTokens'],
    stream: path.endsWith('/converse-stream'),
  });
  const system = asList(body['system']).flatMap(({ text }) => (typeof text === 'string' ? [fact.system(text)] : []));
  const said = asList(body['messages']).flatMap(({ role, content }) =>
    asList(content).flatMap((one) => block(one, String(role))),
  );
  return [...system, ...said, ...settings];
};
