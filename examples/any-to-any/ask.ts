/** Asks one gateway through the SDKs of five vendors, and prints what each of them decoded. */
import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { CohereClientV2 } from 'cohere-ai';
import OpenAI from 'openai';

const gateway = process.env['GATEWAY'] ?? 'http://127.0.0.1:4000';
const key = process.env['GATEWRIGHT_KEY'] ?? 'sk-gatewright-demo';
const model = 'demo';
const question = process.argv[2] ?? 'Why is the sky blue?';
const messages = [{ role: 'user' as const, content: question }];

/** OpenAI's SDK, streamed. */
async function openai(): Promise<string> {
  const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key });
  const stream = client.chat.completions.stream({ model, messages });
  return (await stream.finalContent()) ?? '';
}

/** The same SDK, in OpenAI's newer API. */
async function responses(): Promise<string> {
  const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key });
  const response = await client.responses.create({ model, input: question, store: false });
  return response.output_text;
}

async function anthropic(): Promise<string> {
  const client = new Anthropic({ baseURL: gateway, apiKey: key });
  return client.messages.stream({ model, messages, max_tokens: 500 }).finalText();
}

async function google(): Promise<string> {
  const { models } = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway } });
  let text = '';
  for await (const chunk of await models.generateContentStream({ model, contents: question })) text += chunk.text ?? '';
  return text;
}

/** AWS's SDK signs its requests, unless it is given a token; the answer is a binary event stream. */
async function aws(): Promise<string> {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: gateway,
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],
    requestHandler: new NodeHttpHandler(),
  });
  const said = [{ role: 'user' as const, content: [{ text: question }] }];
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: model, messages: said }));
  let text = '';
  for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
  client.destroy();
  return text;
}

async function cohere(): Promise<string> {
  const client = new CohereClientV2({ environment: gateway, token: key });
  const { message } = await client.chat({ model, messages });
  return (message.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}

for (const ask of [openai, responses, anthropic, google, aws, cohere]) {
  process.stdout.write(`${ask.name}: ${(await ask()).replaceAll('\n', ' ')}\n`);
}
