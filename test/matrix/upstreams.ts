/** All columns of the matrix on the provider's side. A new provider is one entry, and one reader where its dialect is new. */
import providerAnthropic from '@gatewright/provider-anthropic';
import providerAzure from '@gatewright/provider-azure-openai';
import providerBedrock from '@gatewright/provider-bedrock';
import providerCohere from '@gatewright/provider-cohere';
import providerGemini from '@gatewright/provider-gemini';
import providerMistral from '@gatewright/provider-mistral';
import providerOllama from '@gatewright/provider-ollama';
import providerOpenai from '@gatewright/provider-openai';
import providerCompatible from '@gatewright/provider-openai-compatible';
import type { Answer } from './conversation.ts';
import providerVertex from '@gatewright/provider-vertex';
import type { Reader } from './reader.ts';
import { readAnthropicMessages } from './readers/anthropic-messages.ts';
import { readBedrockConverse } from './readers/bedrock-converse.ts';
import { readCohereChat } from './readers/cohere-chat.ts';
import { readGeminiGenerate } from './readers/gemini-generate.ts';
import { readOllamaChat } from './readers/ollama-chat.ts';
import { readOpenaiChat } from './readers/openai-chat.ts';
import { readOpenaiResponses } from './readers/openai-responses.ts';
import type { UpstreamDriver } from './upstream.ts';

const apiKey = 'upstream-key';

/** Providers that have both of OpenAI's dialects are called in the client's own. */
const readOpenai: Reader = (body, path) =>
  (path.includes('/responses') ? readOpenaiResponses : readOpenaiChat)(body, path);

/** The fake knows no thinking, and in streams has a plan of its own before every call. */
function cohereAnswer({ text, calls, stop }: Answer, stream: boolean): Answer {
  const said = stream && calls !== undefined ? 'I will use the requested tool.' : text;
  return { stop, ...(said === undefined ? {} : { text: said }), ...(calls === undefined ? {} : { calls }) };
}

/** The fake knows neither thinking nor an answer that is cut short. */
function ollamaAnswer({ text, calls, stop }: Answer): Answer {
  const said = { ...(text === undefined ? {} : { text }), ...(calls === undefined ? {} : { calls }) };
  return { ...said, stop: stop === 'length' ? 'stop' : stop };
}

export const UPSTREAMS: readonly UpstreamDriver[] = [
  {
    id: 'openai',
    dialect: 'openai-chat',
    plugin: providerOpenai,
    options: (url) => ({ apiKey, baseUrl: `${url}/v1` }),
    model: 'gpt-5.6',
    read: readOpenai,
  },
  {
    id: 'openai-codex',
    dialect: 'openai-responses',
    plugin: providerOpenai,
    options: (url) => ({ apiKey, baseUrl: `${url}/v1` }),
    // Only the Responses API serves it.
    model: 'gpt-5-codex',
    read: readOpenai,
  },
  {
    id: 'azure-openai',
    dialect: 'openai-chat',
    plugin: providerAzure,
    options: (url) => ({ apiKey, endpoint: url, api: 'deployments', apiVersion: '2024-10-21' }),
    model: 'my-deployment',
    read: readOpenai,
  },
  {
    id: 'openai-compatible',
    dialect: 'openai-chat',
    plugin: providerCompatible,
    options: (url) => ({ apiKey, baseUrl: `${url}/v1` }),
    model: 'some-model',
    read: readOpenai,
  },
  {
    id: 'anthropic',
    dialect: 'anthropic-messages',
    plugin: providerAnthropic,
    options: (url) => ({ apiKey, baseUrl: url }),
    model: 'claude-opus-5',
    read: readAnthropicMessages,
  },
  {
    id: 'gemini',
    dialect: 'gemini-generate',
    plugin: providerGemini,
    options: (url) => ({ apiKey, baseUrl: url }),
    model: 'gemini-3-pro',
    read: readGeminiGenerate,
  },
  {
    id: 'bedrock',
    dialect: 'bedrock-converse',
    plugin: providerBedrock,
    options: (url) => ({ apiKey, region: 'us-east-1', baseUrl: url }),
    model: 'us.anthropic.claude-opus-5-v1:0',
    read: readBedrockConverse,
  },
  {
    id: 'cohere',
    dialect: 'cohere-chat',
    plugin: providerCohere,
    options: (url) => ({ apiKey, baseUrl: url }),
    model: 'command-a-reasoning-08-2025',
    read: readCohereChat,
    answers: cohereAnswer,
  },
  {
    id: 'vertex',
    dialect: 'gemini-generate',
    plugin: providerVertex,
    options: (url) => ({ project: 'acme', accessToken: apiKey, baseUrl: url }),
    model: 'gemini-3-pro',
    read: readGeminiGenerate,
  },
  {
    id: 'vertex-claude',
    dialect: 'anthropic-messages',
    plugin: providerVertex,
    options: (url) => ({ project: 'acme', accessToken: apiKey, baseUrl: url }),
    model: 'claude-opus-5',
    read: readAnthropicMessages,
  },
  {
    id: 'mistral',
    dialect: 'openai-chat',
    plugin: providerMistral,
    options: (url) => ({ apiKey, baseUrl: `${url}/v1` }),
    model: 'mistral-large-latest',
    read: readOpenai,
    // The API tells it unasked, which its fake does not know.
    tellsUsage: (stream) => !stream,
  },
  {
    id: 'ollama',
    dialect: 'ollama-chat',
    plugin: providerOllama,
    options: (url) => ({ baseUrl: url }),
    model: 'llama3.2',
    read: readOllamaChat,
    tellsUsage: () => false,
    answers: ollamaAnswer,
  },
];
