/** What a request may produce is read off its bytes as the codec of its dialect decodes it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGateway, silentLogger, type Gateway, type Plugin } from '@gatewright/core';
import dialectAnthropic from '@gatewright/dialect-anthropic';
import dialectBedrock from '@gatewright/dialect-bedrock';
import dialectCohere from '@gatewright/dialect-cohere';
import dialectGemini from '@gatewright/dialect-gemini';
import dialectOpenai from '@gatewright/dialect-openai';
import providerSimulated from '@gatewright/provider-simulated';
import { inlinePlugin } from './gateways.ts';

interface Seen {
  readonly size: object;
  readonly decoded: { readonly maxOutput?: number; readonly candidates?: number };
}

let gateway: Gateway;
const seen: Seen[] = [];

const meter = inlinePlugin('meter', ({ hooks }) =>
  hooks.meter.reserve.tap((_attempt, exchange) => {
    seen.push({ size: exchange.size(), decoded: exchange.request() });
    return undefined;
  }),
);

beforeAll(async () => {
  const dialects = [dialectOpenai, dialectAnthropic, dialectGemini, dialectBedrock, dialectCohere];
  const plugins = dialects.map((use) => ({ use: use as Plugin }));
  const simulated = { use: providerSimulated as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } };
  const models = { m: { targets: [{ provider: 'simulated', model: 'm', unsupported: 'drop' as const }] } };
  gateway = await createGateway({ models, plugins: [...plugins, simulated, { use: meter }] }, { logger: silentLogger });
});
afterAll(() => gateway.close());

const OPENAI = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const GEMINI = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };
const BEDROCK = { messages: [{ role: 'user', content: [{ text: 'hi' }] }] };

test.each([
  ['/v1/chat/completions', { ...OPENAI, max_completion_tokens: 70, n: 2 }],
  ['/v1/chat/completions', { ...OPENAI, max_tokens: 71 }],
  ['/v1/chat/completions', OPENAI],
  ['/v1/responses', { model: 'm', input: 'hi', max_output_tokens: 72 }],
  ['/v1/messages', { ...OPENAI, max_tokens: 73 }],
  ['/v1beta/models/m:generateContent', { ...GEMINI, generationConfig: { maxOutputTokens: 74, candidateCount: 1 } }],
  ['/v1beta/models/m:generateContent', { ...GEMINI, generation_config: { max_output_tokens: 75 } }],
  ['/model/m/converse', { ...BEDROCK, inferenceConfig: { maxTokens: 76 } }],
  ['/v2/chat', { ...OPENAI, max_tokens: 77 }],
])('%s %j', async (url, body) => {
  const bytes = JSON.stringify(body);
  seen.length = 0;
  const reply = await gateway.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: bytes,
  });
  expect(reply.statusCode, reply.body).toBe(200);
  const [first] = seen;
  const { maxOutput, candidates } = first?.decoded ?? {};
  const expected = {
    ...(maxOutput === undefined ? {} : { maxOutput }),
    ...(candidates === undefined ? {} : { candidates }),
  };
  expect(first?.size).toEqual({ ...expected, bytes: bytes.length });
  expect(Object.keys(expected).length > 0).toBe(/max|candidate/i.test(bytes));
});
