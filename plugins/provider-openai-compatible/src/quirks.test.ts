/** Each quirk changes what it says, and nothing else. */
import type { JsonObject, Target } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { adjustmentFor, quirks, type Quirks } from './quirks.ts';

const refusing = { id: 'local/llama', unsupported: 'refuse' } as Target;
const dropping = { id: 'local/llama', unsupported: 'drop' } as Target;

const text = (value: string) => ({ type: 'text', text: value });
const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };

type Case = [what: string, quirks: Partial<Quirks>, body: JsonObject, expected: JsonObject];

const cases: Case[] = [
  ['max_tokens', { maxTokensField: 'max_tokens' }, { max_completion_tokens: 5 }, { max_tokens: 5 }],
  [
    'max_completion_tokens',
    { maxTokensField: 'max_completion_tokens' },
    { max_tokens: 5 },
    { max_completion_tokens: 5 },
  ],
  ['max_tokens, kept', { maxTokensField: 'max_tokens' }, { max_tokens: 5 }, { max_tokens: 5 }],
  [
    'max_tokens, both sent: the known one counts',
    { maxTokensField: 'max_tokens' },
    { max_completion_tokens: 9, max_tokens: 5 },
    { max_tokens: 5 },
  ],
  [
    'developer becomes system',
    { developerRole: 'system' },
    {
      messages: [
        { role: 'developer', content: 'a' },
        { role: 'user', content: 'b' },
      ],
    },
    {
      messages: [
        { role: 'system', content: 'a' },
        { role: 'user', content: 'b' },
      ],
    },
  ],
  [
    'system becomes developer',
    { developerRole: 'developer' },
    {
      messages: [
        { role: 'system', content: 'a' },
        { role: 'developer', content: 'b' },
      ],
    },
    {
      messages: [
        { role: 'developer', content: 'a' },
        { role: 'developer', content: 'b' },
      ],
    },
  ],
  [
    'texts become one string',
    { flattenContent: true },
    { messages: [{ role: 'user', content: [text('a'), text('b')] }] },
    { messages: [{ role: 'user', content: 'a\nb' }] },
  ],
  [
    'a list with an image stays a list',
    { flattenContent: true },
    { messages: [{ role: 'user', content: [text('a'), image] }] },
    { messages: [{ role: 'user', content: [text('a'), image] }] },
  ],
  [
    'content that is null or missing stays so',
    { flattenContent: true },
    { messages: [{ role: 'assistant', content: null }, { role: 'assistant' }, 'odd'] },
    { messages: [{ role: 'assistant', content: null }, { role: 'assistant' }, 'odd'] },
  ],
  ['required becomes any', { toolChoiceRequired: 'any' }, { tool_choice: 'required' }, { tool_choice: 'any' }],
  ['auto stays auto', { toolChoiceRequired: 'any' }, { tool_choice: 'auto' }, { tool_choice: 'auto' }],
  ['auto is no problem', { toolChoiceRequired: 'unsupported' }, { tool_choice: 'auto' }, { tool_choice: 'auto' }],
  ['fields are dropped', { dropFields: ['store', 'user'] }, { store: true, user: 'u', seed: 1 }, { seed: 1 }],
  [
    'fields are renamed',
    { renameFields: { seed: 'random_seed' } },
    { seed: 1, top_p: 1 },
    { random_seed: 1, top_p: 1 },
  ],
  [
    'stream_options is not sent to a server that does not know it',
    { streamUsage: false },
    { stream: true, stream_options: { include_usage: true } },
    { stream: true },
  ],
  [
    'several quirks: the limit is renamed twice',
    { maxTokensField: 'max_tokens', renameFields: { max_tokens: 'num_predict' } },
    { max_completion_tokens: 7 },
    { num_predict: 7 },
  ],
];

describe('a change of the body', () => {
  test.each(cases)('%s', (_what, some, body, expected) => {
    const before = structuredClone(body);
    const adjust = adjustmentFor(quirks.parse(some));
    expect(adjust?.(body, refusing)).toEqual(expected);
    expect(body).toEqual(before);
  });

  test('a body without messages passes every quirk', () => {
    const adjust = adjustmentFor(quirks.parse({ developerRole: 'system', flattenContent: true }));
    expect(adjust?.({ messages: 'none' }, refusing)).toEqual({ messages: 'none' });
  });

  test('a tool that must be called is refused where the server cannot be told', () => {
    const adjust = adjustmentFor(quirks.parse({ toolChoiceRequired: 'unsupported' }));
    const error = {
      code: 'GW_UNSUPPORTED',
      details: expect.objectContaining({ param: 'tool_choice', target: 'local/llama' }),
    };
    expect(() => adjust?.({ tool_choice: 'required' }, refusing)).toThrow(expect.objectContaining(error));
    expect(adjust?.({ tool_choice: 'required', n: 1 }, dropping)).toEqual({ n: 1 });
  });
});

describe('a server that differs in nothing', () => {
  test.each([
    ['no quirks', {}],
    ['the defaults, written out', { streamUsage: true, flattenContent: false, toolChoiceRequired: 'required' }],
    ['empty lists', { dropFields: [], renameFields: {} }],
  ] as [string, Partial<Quirks>][])('%s: no change, so that bytes pass', (_what, some) => {
    expect(adjustmentFor(quirks.parse(some))).toBeUndefined();
  });
});

test('quirks are strict, and every one is described', () => {
  expect(() => quirks.parse({ maxTokenField: 'max_tokens' })).toThrow(/maxTokenField/);
  for (const [name, field] of Object.entries(quirks.shape)) expect(field.description, name).toMatch(/\.$/);
});
