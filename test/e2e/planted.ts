/** Every provider with each of its kinds of credentials, all of which are planted: whatever repeats one of them leaks. */
import { generateKeyPairSync } from 'node:crypto';
import type { Plugin } from '@gatewright/core';
import anthropic from '@gatewright/provider-anthropic';
import azure from '@gatewright/provider-azure-openai';
import bedrock from '@gatewright/provider-bedrock';
import cohere from '@gatewright/provider-cohere';
import gemini from '@gatewright/provider-gemini';
import mistral from '@gatewright/provider-mistral';
import ollama from '@gatewright/provider-ollama';
import openai from '@gatewright/provider-openai';
import compatible from '@gatewright/provider-openai-compatible';
import vertex from '@gatewright/provider-vertex';

/** Without the look of a key: neither a prefix nor a word that a pattern could know it by. */
export const KEY = 'q7Fz2xLw9Zr4TbVn8KsYp0cJmD5h';
export const TOKEN = 'zzJhbGciOiJSUzI1NiJ9.xxJhdWQiOiJodHRw.Uv3kQ-8_sWf2';
export const HEADER = 'second secret of this house';
export const QUERY = 'subscription-4711-0815-99';
const ACCESS_KEY_ID = 'VJQX7WMZ3KTB9PLC5RGD';
const SECRET_ACCESS_KEY = 'h8Rk+3Wd/Yq1Nz6Mb0Xe7Tj4Pv9Lc2Gs5Fu';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
/** One line in the middle of the key: the first and the last are alike in all of them. */
const PRIVATE_KEY = privateKey.split('\n')[7] ?? '';

export const PLANTED = [KEY, TOKEN, HEADER, QUERY, ACCESS_KEY_ID, SECRET_ACCESS_KEY, PRIVATE_KEY];

export interface Instance {
  readonly id: string;
  readonly use: Plugin;
  readonly options: (url: string) => Record<string, unknown>;
  /** The credential that a careless provider repeats. */
  readonly secret: string;
  /** Whether it stands in the headers of a request. Where nothing is said: it does. */
  readonly sent?: boolean;
  readonly model?: string;
  /** The failure that would take longer than a test may. */
  readonly silent?: string;
}

const headers = { 'x-house': HEADER };
const v1 = (url: string): string => `${url}/v1`;

export const INSTANCES: readonly Instance[] = [
  { id: 'own-openai', use: openai, options: (url) => ({ apiKey: KEY, baseUrl: v1(url), headers }), secret: KEY },
  {
    id: 'compatible',
    use: compatible,
    options: (url) => ({ apiKey: KEY, baseUrl: v1(url), headers, query: { sub: QUERY } }),
    secret: KEY,
  },
  {
    id: 'preset',
    use: compatible,
    options: (url) => ({ preset: 'groq', apiKey: KEY, baseUrl: v1(url) }),
    secret: KEY,
  },
  { id: 'azure-key', use: azure, options: (url) => ({ endpoint: url, apiKey: KEY, headers }), secret: KEY },
  {
    id: 'azure-token',
    use: azure,
    options: (url) => ({ endpoint: url, api: 'deployments', apiVersion: '2024-10-21', token: TOKEN }),
    secret: TOKEN,
  },
  { id: 'own-anthropic', use: anthropic, options: (url) => ({ apiKey: KEY, baseUrl: url, headers }), secret: KEY },
  { id: 'gemini', use: gemini, options: (url) => ({ apiKey: KEY, baseUrl: url, headers }), secret: KEY },
  { id: 'mistral', use: mistral, options: (url) => ({ apiKey: KEY, baseUrl: v1(url), headers }), secret: KEY },
  { id: 'cohere', use: cohere, options: (url) => ({ apiKey: KEY, baseUrl: url, headers }), secret: KEY },
  { id: 'ollama', use: ollama, options: (url) => ({ apiKey: KEY, baseUrl: url, headers }), secret: KEY },
  {
    id: 'bedrock-key',
    use: bedrock,
    options: (url) => ({ region: 'us-east-1', apiKey: KEY, baseUrl: url }),
    secret: KEY,
  },
  {
    id: 'bedrock-signed',
    use: bedrock,
    options: (url) => ({
      region: 'us-east-1',
      credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY, sessionToken: TOKEN },
      baseUrl: url,
    }),
    secret: TOKEN,
  },
  {
    id: 'vertex-token',
    use: vertex,
    options: (url) => ({ project: 'acme', accessToken: TOKEN, baseUrl: url, headers }),
    secret: TOKEN,
    model: 'gemini-3-pro',
  },
  {
    id: 'vertex-account',
    use: vertex,
    options: (url) => ({ key: account(url), baseUrl: url }),
    secret: PRIVATE_KEY,
    // It signs what is sent for a token, and stays.
    sent: false,
    model: 'gemini-3-pro',
    // Its token service has a patience of its own.
    silent: 'no answer in time',
  },
];

function account(url: string): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'acme',
    private_key_id: '1',
    private_key: privateKey,
    client_email: 'gateway@acme.iam.gserviceaccount.com',
    token_uri: `${url}/token`,
  });
}

/** The option that each provider has its address in, and one for its credential; the rest of what it needs. */
export const ADDRESSES: readonly {
  readonly use: Plugin;
  readonly at: string;
  readonly as: string;
  readonly more?: object;
}[] = [
  { use: openai, at: 'baseUrl', as: 'apiKey' },
  { use: compatible, at: 'baseUrl', as: 'apiKey' },
  { use: azure, at: 'endpoint', as: 'token' },
  { use: anthropic, at: 'baseUrl', as: 'apiKey' },
  { use: gemini, at: 'baseUrl', as: 'apiKey' },
  { use: mistral, at: 'baseUrl', as: 'apiKey' },
  { use: cohere, at: 'baseUrl', as: 'apiKey' },
  { use: ollama, at: 'baseUrl', as: 'apiKey' },
  { use: bedrock, at: 'baseUrl', as: 'apiKey', more: { region: 'us-east-1' } },
  { use: vertex, at: 'baseUrl', as: 'accessToken', more: { project: 'acme' } },
];
