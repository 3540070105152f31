/** Google's SDK, asking Gemini's API to generate content. */
import {
  FunctionCallingConfigMode,
  GoogleGenAI,
  type Content,
  type GenerateContentConfig,
  type GenerateContentParameters,
  type GenerateContentResponse,
  type Part,
} from '@google/genai';
import { fact, LIMIT, PARAMETERS, TOOL_TEXT, type Conversation, type Turn } from '../conversation.ts';
import type { SurfaceDriver } from '../surface.ts';

function content(turn: Turn): Content {
  if ('user' in turn) {
    const { user, image, pdf } = turn;
    const parts: Part[] = [];
    if (image !== undefined) parts.push({ inlineData: { mimeType: 'image/png', data: image } });
    if (pdf !== undefined) parts.push({ inlineData: { mimeType: 'application/pdf', data: pdf } });
    return { role: 'user', parts: [...parts, { text: user }] };
  }
  if ('assistant' in turn) {
    const text: Part[] = turn.assistant === '' ? [] : [{ text: turn.assistant }];
    const calls = (turn.calls ?? []).map(({ id, name, arguments: args }) => ({ functionCall: { id, name, args } }));
    return { role: 'model', parts: [...text, ...calls] };
  }
  const parts = turn.results.map(({ call: { id, name }, text, failed }): Part => {
    return { functionResponse: { id, name, response: failed === true ? { error: text } : { output: text } } };
  });
  return { role: 'user', parts };
}

function request({ system, turns, tools, force, schema, thinks, stops }: Conversation): {
  contents: Content[];
  config: GenerateContentConfig;
} {
  const functions = tools?.map((name) => ({ name, description: TOOL_TEXT, parametersJsonSchema: PARAMETERS }));
  const choice = { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: [force ?? ''] };
  const config: GenerateContentConfig = {
    maxOutputTokens: LIMIT,
    ...(system === undefined ? {} : { systemInstruction: system }),
    ...(functions === undefined ? {} : { tools: [{ functionDeclarations: functions }] }),
    ...(force === undefined ? {} : { toolConfig: { functionCallingConfig: choice } }),
    ...(schema === undefined ? {} : { responseMimeType: 'application/json', responseJsonSchema: schema }),
    ...(thinks === true ? { thinkingConfig: { thinkingBudget: 2048, includeThoughts: true } } : {}),
    ...(stops === undefined ? {} : { stopSequences: [...stops] }),
  };
  return { contents: turns.map(content), config };
}

function facts(parts: readonly Part[], last: GenerateContentResponse | undefined): string[] {
  const said = (thought: boolean): string =>
    parts.flatMap((part) => ((part.thought === true) === thought ? (part.text ?? '') : '')).join('');
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  const reason = last?.candidates?.[0]?.finishReason ?? 'none';
  // Here an answer that calls tools ends like any other; the upstream of the play has a word of its own for it.
  const called = calls.length > 0 ? 'tool-calls' : 'stop';
  const ended = { STOP: called, FUNCTION_CALL: called, MAX_TOKENS: 'length' }[reason as string] ?? `? ${reason}`;
  const { promptTokenCount = -1, candidatesTokenCount = -1 } = last?.usageMetadata ?? {};
  return [
    ...(said(true) === '' ? [] : [fact.thought(said(true))]),
    ...(said(false) === '' ? [] : [fact.text(said(false))]),
    ...calls.map(({ name = '', args }) => fact.call(name, args)),
    fact.ended(ended),
    fact.usage(promptTokenCount, candidatesTokenCount),
  ];
}

const partsOf = (answer: GenerateContentResponse): Part[] => answer.candidates?.[0]?.content?.parts ?? [];

export const geminiGenerate: SurfaceDriver = {
  id: 'gemini-generate',
  sdk: '@google/genai',
  inexpressible: {
    'cache-marks': 'prompts are cached without marks, or under a name that only the provider knows',
    'many-stops': 'the API takes up to five stop sequences',
  },
  async ask({ asks }, { url, model, stream }) {
    const { models } = new GoogleGenAI({ apiKey: 'client-key', httpOptions: { baseUrl: url } });
    const question: GenerateContentParameters = { model, ...request(asks) };
    if (!stream) {
      const answer = await models.generateContent(question);
      return facts(partsOf(answer), answer);
    }
    const parts: Part[] = [];
    let last: GenerateContentResponse | undefined;
    for await (const answer of await models.generateContentStream(question)) {
      parts.push(...partsOf(answer));
      last = answer;
    }
    return facts(parts, last);
  },
};
