/** Google's own SDK as the client, and the providers of all three dialects behind the gateway. */
import {
  FunctionCallingConfigMode,
  GoogleGenAI,
  Type,
  type Content,
  type GenerateContentResponse,
} from '@google/genai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORECAST, GeminiStage, HELLO } from './gemini-stage.ts';

let stage: GeminiStage;
let client: GoogleGenAI;

beforeAll(async () => {
  stage = await GeminiStage.open();
  client = new GoogleGenAI({ apiKey: 'client-key', httpOptions: { baseUrl: stage.url } });
});

afterAll(() => stage.close());

const tools = [
  {
    functionDeclarations: [
      {
        name: 'get_weather',
        description: 'The weather in a city.',
        parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
      },
    ],
  },
];

async function gather(stream: AsyncGenerator<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe.each(['gem', 'gpt', 'claude'])('served by %s', (model) => {
  test('text, with usage and a reason to stop', async () => {
    const answer = await client.models.generateContent({
      model,
      contents: 'say hello',
      config: { systemInstruction: 'Be kind.', temperature: 0.5, maxOutputTokens: 100, stopSequences: ['END'] },
    });
    expect(answer.text).toBe(HELLO);
    expect(answer.candidates?.[0]?.finishReason).toBe('STOP');
    expect(answer.usageMetadata).toMatchObject({
      promptTokenCount: 21,
      candidatesTokenCount: 13,
      totalTokenCount: 34,
    });
  });

  test('streamed text', async () => {
    const chunks = await gather(await client.models.generateContentStream({ model, contents: 'say hello' }));
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map((chunk) => chunk.text ?? '').join('')).toBe(HELLO);
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP');
    expect(chunks.at(-1)?.usageMetadata?.totalTokenCount).toBe(34);
  });

  test('an answer that is cut short', async () => {
    const answer = await client.models.generateContent({ model, contents: 'be cut short' });
    expect(answer.candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
    const chunks = await gather(await client.models.generateContentStream({ model, contents: 'be cut short' }));
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
  });

  test('two calls at once, and the answer to their results', async () => {
    const config = { tools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } } };
    const asked: Content = { role: 'user', parts: [{ text: 'weather in Oslo and Paris?' }] };
    const answer = await client.models.generateContent({ model, contents: [asked], config });
    expect(answer.functionCalls?.map(({ name, args }) => [name, args])).toEqual([
      ['get_weather', { city: 'Oslo' }],
      ['get_weather', { city: 'Paris' }],
    ]);
    // Results without ids, as most clients write them.
    const result = (output: string): object => ({ functionResponse: { name: 'get_weather', response: { output } } });
    const contents = [
      asked,
      answer.candidates?.[0]?.content as Content,
      { role: 'user', parts: [result('3 degrees'), result('12 degrees')] },
    ];
    const last = await client.models.generateContent({ model, contents, config: { tools } });
    expect(last.text).toBe(FORECAST);
  });

  test('streamed calls come whole', async () => {
    const stream = await client.models.generateContentStream({ model, contents: 'weather?', config: { tools } });
    const calls = (await gather(stream)).flatMap((chunk) => chunk.functionCalls ?? []);
    expect(calls.map(({ name, args }) => [name, args])).toEqual([
      ['get_weather', { city: 'Oslo' }],
      ['get_weather', { city: 'Paris' }],
    ]);
  });

  test("a provider's error keeps its status and message", async () => {
    const failure = await client.models.generateContent({ model, contents: 'fail' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ApiError', status: 429 });
    expect(JSON.parse((failure as Error).message)).toMatchObject({
      error: { code: 429, message: 'Too fast.', status: 'RESOURCE_EXHAUSTED' },
    });
  });

  test('a stream that breaks off ends with an error, not as if it were whole', async () => {
    const asked = client.models.generateContentStream({ model, contents: 'break off' });
    await expect(asked.then(gather)).rejects.toThrow(/broke off|broke in the middle/);
  });
});

describe('what is asked in other ways', () => {
  test('in the way of Vertex AI', async () => {
    const vertex = new GoogleGenAI({ vertexai: true, apiKey: 'client-key', httpOptions: { baseUrl: stage.url } });
    for (const model of ['gem', 'gpt']) {
      const answer = await vertex.models.generateContent({ model, contents: 'say hello' });
      expect(answer.text).toBe(HELLO);
      const chunks = await gather(await vertex.models.generateContentStream({ model, contents: 'say hello' }));
      expect(chunks.map((chunk) => chunk.text ?? '').join('')).toBe(HELLO);
    }
  });

  test.each(['v1', 'v1beta', 'v1alpha'])('with the version %s', async (apiVersion) => {
    const other = new GoogleGenAI({ apiKey: 'k', apiVersion, httpOptions: { baseUrl: stage.url } });
    const answer = other.models.generateContent({ model: 'gem', contents: 'say hello' });
    if (apiVersion === 'v1alpha') await expect(answer).rejects.toMatchObject({ status: 404 });
    else expect((await answer).text).toBe(HELLO);
  });

  test('a model that is not there', async () => {
    const failure = await client.models.generateContent({ model: 'none', contents: 'x' }).catch((e: unknown) => e);
    expect(failure).toMatchObject({ status: 404 });
    expect((failure as Error).message).toContain('"status":"NOT_FOUND"');
  });
});
