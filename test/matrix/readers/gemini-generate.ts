/** What a request to Gemini's API to generate content says. */
import { fact } from '../conversation.ts';
import { asJson, asList, settingFacts, textAt, type Json, type Reader } from '../reader.ts';

function part(value: Json, role: string): string[] {
  const { inlineData, functionCall, functionResponse } = value;
  if (functionCall !== undefined) return [fact.call(textAt(functionCall, 'name'), asJson(functionCall)['args'])];
  if (functionResponse !== undefined) return result(asJson(asJson(functionResponse)['response']));
  if (inlineData !== undefined) {
    const [mediaType, data] = [textAt(inlineData, 'mimeType'), textAt(inlineData, 'data')];
    return [mediaType === 'application/pdf' ? fact.pdf(data) : fact.image(mediaType, data)];
  }
  if (typeof value['text'] !== 'string') return [`? ${JSON.stringify(value)}`];
  return [role === 'model' ? fact.assistant(value['text']) : fact.user(value['text'])];
}

/** The keys are the API's own: `output` for what a function returned, `error` for why it failed. */
const result = (response: Json): string[] =>
  response['error'] === undefined
    ? [fact.result(textAt(response, 'output'))]
    : [fact.result(textAt(response, 'error')), fact.failed];

/** Types are in capitals in the older form of a schema. */
function schemaOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(schemaOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'type' && typeof inner === 'string' ? inner.toLowerCase() : schemaOf(inner),
    ]),
  );
}

export const readGeminiGenerate: Reader = (body, path) => {
  const config = asJson(body['generationConfig']);
  const calling = asJson(asJson(body['toolConfig'])['functionCallingConfig']);
  const names = calling['allowedFunctionNames'];
  const thinking = asJson(config['thinkingConfig']);
  const settings = settingFacts({
    tools: asList(body['tools'])
      .flatMap((tool) => asList(tool['functionDeclarations']))
      .map((tool) => ({
        name: textAt(tool, 'name'),
        parameters: schemaOf(tool['parametersJsonSchema'] ?? tool['parameters']),
      })),
    force: calling['mode'] === 'ANY' && Array.isArray(names) ? names.join() : undefined,
    schema: config['responseJsonSchema'] ?? (config['responseSchema'] && schemaOf(config['responseSchema'])),
    thinks:
      Number(thinking['thinkingBudget'] ?? 0) > 0 ||
      thinking['thinkingLevel'] !== undefined ||
      thinking['includeThoughts'] === true,
    stops: config['stopSequences'],
    cached: body['cachedContent'] !== undefined,
    limit: config['maxOutputTokens'],
    stream: path.includes(':streamGenerateContent'),
  });
  const system = asList(asJson(body['systemInstruction'])['parts']).map((one) => fact.system(textAt(one, 'text')));
  const said = asList(body['contents']).flatMap(({ role, parts }) =>
    asList(parts).flatMap((one) => part(one, String(role))),
  );
  return [...system, ...said, ...settings];
};
