/** Requests in the types of OpenAI's SDK to Anthropic: what is sent there, what is refused by name, and what is dropped aloud. */
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Crossing, type Json } from './crossing.ts';

type Request = Partial<Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'model'>>;
type Part = OpenAI.ChatCompletionContentPart;

let crossing: Crossing;

beforeAll(async () => {
  crossing = await Crossing.open();
});
afterAll(() => crossing.close());

const SAYS = [{ role: 'user' as const, content: 'hi' }];
const send = (request: Request, lenient = false) =>
  crossing.send('openai-chat', { messages: SAYS, ...request }, lenient);

const says = (...content: Part[]): Request => ({ messages: [{ role: 'user', content }] });
const asks = (...content: object[]): object => ({ messages: [{ role: 'user', content }] });

/** Fields that the SDK has by newer names, too. */
const older = (fields: Json): Request => fields;

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const LOOK: OpenAI.ChatCompletionFunctionTool = {
  type: 'function',
  function: { name: 'look', description: 'Look around.', parameters: SCHEMA },
};
const LOOKED = { name: 'look', description: 'Look around.', input_schema: SCHEMA };
const image = (url: string, detail?: 'low' | 'auto'): Part => ({
  type: 'image_url',
  image_url: { url, ...(detail === undefined ? {} : { detail }) },
});
const file = (filename: string, file_data: string): Part => ({ type: 'file', file: { filename, file_data } });

const PNG = 'iVBORw0KGgo=';
const PDF = 'JVBERi0xLjQK';

describe('is sent', () => {
  const call = (id: string, text: string) => ({
    id,
    type: 'function' as const,
    function: { name: 'look', arguments: text },
  });

  test.each<[string, Request, object]>([
    [
      'prompts that lead as the system prompt, one by one',
      {
        messages: [
          { role: 'system', content: 'A' },
          { role: 'developer', content: [{ type: 'text', text: 'B' }] },
          ...SAYS,
        ],
      },
      {
        system: [
          { type: 'text', text: 'A' },
          { type: 'text', text: 'B' },
        ],
        messages: SAYS,
      },
    ],
    [
      'a later prompt behind the turn of the user',
      { messages: [...SAYS, { role: 'assistant', content: 'yes' }, { role: 'system', content: 'Late.' }, ...SAYS] },
      { messages: [...SAYS, { role: 'assistant', content: 'yes' }, ...SAYS, { role: 'system', content: 'Late.' }] },
    ],
    [
      'an image by URL, beside text',
      says({ type: 'text', text: 'See:' }, image('https://a.example/b.png')),
      asks({ type: 'text', text: 'See:' }, { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } }),
    ],
    [
      'an image as data',
      says(image(`data:image/png;base64,${PNG}`, 'auto')),
      asks({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }),
    ],
    [
      'a PDF',
      says(file('a.pdf', `data:application/pdf;base64,${PDF}`)),
      asks({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF }, title: 'a.pdf' }),
    ],
    [
      'a text file as text',
      says(file('a.txt', 'data:text/plain;base64,aGVsbG8=')),
      asks({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hello' }, title: 'a.txt' }),
    ],
    [
      'calls and their results, gathered into one turn of the user',
      {
        tools: [LOOK],
        messages: [
          ...SAYS,
          { role: 'assistant', content: null, tool_calls: [call('c1', '{"city":"Oslo"}'), call('c:2', '')] },
          { role: 'tool', tool_call_id: 'c1', content: 'cold' },
          { role: 'tool', tool_call_id: 'c:2', content: [{ type: 'text', text: 'warm' }] },
          { role: 'user', content: 'And?' },
        ],
      },
      {
        messages: [
          ...SAYS,
          {
            role: 'assistant',
            content: [
              { type: 'tool_use', id: 'c1', name: 'look', input: { city: 'Oslo' } },
              { type: 'tool_use', id: 'c_2', name: 'look', input: {} },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'c1', content: 'cold' },
              { type: 'tool_result', tool_use_id: 'c_2', content: 'warm' },
              { type: 'text', text: 'And?' },
            ],
          },
        ],
      },
    ],
    [
      'a refusal of before as what was said',
      { messages: [...SAYS, { role: 'assistant', content: null, refusal: 'No.' }, ...SAYS] },
      { messages: [...SAYS, { role: 'assistant', content: [{ type: 'text', text: 'No.' }] }, ...SAYS] },
    ],
  ])('%s', async (_what, request, sent) => {
    expect(await send(request)).toMatchObject({ status: 200, warning: null, faults: [], sent });
  });
});

describe('is sent in other words', () => {
  const named = { type: 'function' as const, function: { name: 'look' } };

  test.each<[string, Request, object]>([
    ['tool_choice: auto', { tools: [LOOK], tool_choice: 'auto' }, { tools: [LOOKED], tool_choice: { type: 'auto' } }],
    ['tool_choice: required', { tools: [LOOK], tool_choice: 'required' }, { tool_choice: { type: 'any' } }],
    ['tool_choice: none', { tools: [LOOK], tool_choice: 'none' }, { tool_choice: { type: 'none' } }],
    [
      'a named tool, and one call at a time',
      { tools: [LOOK], tool_choice: named, parallel_tool_calls: false },
      { tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true } },
    ],
    [
      'a strict tool without parameters',
      { tools: [{ type: 'function', function: { name: 'look', strict: true } }] },
      { tools: [{ name: 'look', input_schema: { type: 'object', properties: {} }, strict: true }] },
    ],
    [
      'a JSON schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'city', schema: SCHEMA, strict: true } } },
      { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
    ],
    ['one stop sequence', { stop: 'END' }, { stop_sequences: ['END'] }],
    ['several', { stop: ['A', 'B'] }, { stop_sequences: ['A', 'B'] }],
    ['max_completion_tokens', { max_completion_tokens: 7 }, { max_tokens: 7 }],
    ['max_tokens', older({ max_tokens: 8 }), { max_tokens: 8 }],
    ['no limit', {}, { max_tokens: 32_000 }],
    ['sampling', { temperature: 0.3, top_p: 0.9 }, { temperature: 0.3, top_p: 0.9 }],
    ['an end user', older({ user: 'u1' }), { metadata: { user_id: 'u1' } }],
    ['effort', { reasoning_effort: 'high' }, { output_config: { effort: 'high' } }],
    ['no effort at all', { reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
    ['what is so anyway', { n: 1, store: false, presence_penalty: 0, logprobs: false, verbosity: 'medium' }, {}],
  ])('%s', async (_what, request, sent) => {
    expect(await send(request)).toMatchObject({ status: 200, warning: null, faults: [], sent });
  });
});

describe('is refused by name, or dropped aloud', () => {
  test.each<[string, Request]>([
    ['messages.0.content.0.image_url.detail', says(image(`data:image/png;base64,${PNG}`, 'low'))],
    ['messages.0.content.0', says(image(`data:image/bmp;base64,${PNG}`), { type: 'text', text: 'x' })],
    ['messages.0.content.0', says(file('a.doc', 'data:application/msword;base64,AAAA'), { type: 'text', text: 'x' })],
    ['messages.0.content.0', says({ type: 'file', file: { file_id: 'file-1' } }, { type: 'text', text: 'x' })],
    [
      'messages.0.content.0',
      says({ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }, { type: 'text', text: 'x' }),
    ],
    ['messages.0.name', { messages: [{ role: 'user', name: 'bob', content: 'x' }] }],
    ['tools.0', { tools: [{ type: 'custom', custom: { name: 'grammar' } }, LOOK] }],
    [
      'tool_choice',
      { tools: [LOOK], tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } } },
    ],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['temperature', { temperature: 1.5 }],
    ['stop.0', { stop: ['\n', 'END'] }],
    ['n', { n: 2 }],
    ['seed', older({ seed: 1 })],
    ['logprobs', { logprobs: true, top_logprobs: 2 }],
    ['logit_bias', { logit_bias: { 50256: -100 } }],
    ['presence_penalty', { presence_penalty: 1 }],
    ['frequency_penalty', { frequency_penalty: 1 }],
    ['metadata', { metadata: { a: 'b' } }],
    ['store', { store: true }],
    ['service_tier', { service_tier: 'flex' }],
    ['verbosity', { verbosity: 'low' }],
    ['prediction', { prediction: { type: 'content', content: 'x' } }],
    ['modalities', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }],
    ['web_search_options', { web_search_options: {} }],
  ])('%s', async (field, request) => {
    const refused = await send(request);
    expect(refused).toMatchObject({ status: 400, code: 'GW_UNSUPPORTED', field, sent: undefined });
    expect(JSON.parse(refused.reply)).toMatchObject({ error: { param: field, code: 'GW_UNSUPPORTED' } });
    const dropped = await send(request, true);
    expect(dropped).toMatchObject({ status: 200, faults: [] });
    expect(dropped.warning).toContain(`${field}: `);
  });
});

describe('is left out aloud, always', () => {
  test('reasoning that another model did', async () => {
    const thought = {
      role: 'assistant',
      content: 'yes',
      reasoning_content: 'Because.',
    } as OpenAI.ChatCompletionMessageParam;
    const { status, warning, sent } = await send({ messages: [...SAYS, thought, ...SAYS] });
    expect(status).toBe(200);
    expect(warning).toMatch(/^messages\.1\.content\.0: /);
    expect(JSON.stringify(sent)).not.toContain('Because.');
  });

  test('arguments that are no JSON object are wrapped', async () => {
    const tool_calls = [{ id: 'c1', type: 'function' as const, function: { name: 'look', arguments: '{"city' } }];
    const result = { role: 'tool' as const, tool_call_id: 'c1', content: '' };
    const outcome = await send({ messages: [...SAYS, { role: 'assistant', tool_calls }, result], tools: [LOOK] });
    expect(outcome).toMatchObject({ status: 200, faults: [] });
    expect(outcome.warning).toMatch(/^messages\.1\.content\.0\.arguments: /);
    expect(JSON.stringify(outcome.sent)).toContain('{"INVALID_JSON":"{\\"city"}');
  });
});
