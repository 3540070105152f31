/** Our dialects keep what the testkit asks of everybody's, with recorded traffic where there is any. */
import anthropic from '@gatewright/dialect-anthropic';
import bedrock from '@gatewright/dialect-bedrock';
import cohere from '@gatewright/dialect-cohere';
import gemini from '@gatewright/dialect-gemini';
import ollama from '@gatewright/dialect-ollama';
import openai from '@gatewright/dialect-openai';
import type { JsonObject, Plugin } from '@gatewright/core';
import { dialectSuite, type DialectSamples } from '@gatewright/testkit';
import { describe, test } from 'vitest';
import { readRecorded, type Answer } from '../recorded/answers.ts';
import { manifestOf, templateManifest, templatePlugin } from './manifest.ts';

const template = await templatePlugin('dialect');

const { answers } = readRecorded();

/** Every byte is a cut: short streams are enough. */
const MOST_BYTES = 12_000;
const MOST = 3;

/** Vectors in Base64 are written as numbers for a client that asked for numbers: they are not the same again. */
const isWell = ({ status, body, name }: Answer): boolean =>
  status === 200 && body.length < MOST_BYTES && !/broken|error/i.test(name) && !body.includes('"embedding": "');

/** The first of each dialect that ended well. */
function recorded(dialect: string): DialectSamples {
  const own = answers.filter((answer) => answer.dialect === dialect && isWell(answer));
  const streams = own.filter(({ stream }) => stream).slice(0, MOST);
  const whole = own.filter(({ stream }) => !stream).slice(0, MOST);
  return {
    streams: streams.map(({ body }) => body),
    answers: whole.map(({ body }) => JSON.parse(body.toString()) as JsonObject),
  };
}

const DIALECTS: readonly (readonly [
  folder: string,
  plugin: Plugin,
  requests: Readonly<Record<string, JsonObject[]>>,
])[] = [
  [
    'dialect-openai',
    openai,
    {
      'openai-chat': [{ model: 'm', messages: [{ role: 'user', content: 'Hello' }], temperature: 0.5, stream: true }],
      'openai-responses': [{ model: 'm', input: 'Hello', max_output_tokens: 7 }],
      'openai-completions': [{ model: 'm', prompt: 'Once', max_tokens: 7 }],
      'openai-embeddings': [{ model: 'm', input: ['a', 'b'] }],
    },
  ],
  [
    'dialect-anthropic',
    anthropic,
    { 'anthropic-messages': [{ model: 'm', max_tokens: 7, messages: [{ role: 'user', content: 'Hello' }] }] },
  ],
  ['dialect-gemini', gemini, { 'gemini-generate': [{ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }] }],
  [
    'dialect-bedrock',
    bedrock,
    { 'bedrock-converse': [{ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }] },
  ],
  [
    'dialect-cohere',
    cohere,
    {
      'cohere-chat': [{ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }],
      'cohere-rerank': [{ model: 'm', query: 'q', documents: ['a', 'b'] }],
    },
  ],
  [
    'dialect-ollama',
    ollama,
    { 'ollama-chat': [{ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: false }] },
  ],
];

describe.each(DIALECTS)('%s', (folder, plugin, requests) => {
  const samples = Object.entries(requests).map(([id, list]) => [id, { requests: list, ...recorded(id) }] as const);
  dialectSuite(
    { describe, test },
    { plugin, manifest: manifestOf(folder), options: {}, samples: Object.fromEntries(samples) },
  );
});

describe('the template', () => {
  dialectSuite(
    { describe, test },
    {
      plugin: template,
      manifest: templateManifest('dialect'),
      options: { path: '/rank' },
      samples: {
        'my-dialect-rerank': {
          requests: [{ model: 'm', question: 'Which is blue?', texts: ['sky', 'grass'], most: 1 }],
          answers: [{ id: 'r-1', model: 'm', ranking: [{ text: 0, score: 0.98 }] }],
        },
      },
    },
  );
});
