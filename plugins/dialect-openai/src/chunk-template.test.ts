/** The form that chunks share: what fits it, and what does not. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@gatewright/core';
import { ChunkSurgery } from './chunk-surgery.ts';
import { ChunkTemplate } from './chunk-template.ts';
import { chunk } from './wire.test.kit.ts';

const NO_SURGERY = new ChunkSurgery({ dropUsage: false });

const ascii = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('latin1');

function learn(value: JsonObject, surgery = NO_SURGERY): ChunkTemplate | undefined {
  const [choice] = value['choices'] as JsonObject[];
  return ChunkTemplate.of({ ascii: ascii(value) }, choice ?? {}, surgery);
}

const fits = (template: ChunkTemplate | undefined, value: JsonObject): boolean => matches(template, ascii(value));

const matches = (template: ChunkTemplate | undefined, text: string): boolean =>
  template?.match(text, 0) === text.length;

describe('a form is learned', () => {
  test.each<[string, (text: string) => JsonObject]>([
    ['of text', (content) => chunk({ content })],
    ['of reasoning', (text) => chunk({ content: null, reasoning_content: text })],
    ['of arguments', (text) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] })],
    ['with obfuscation', (content) => chunk({ content }, {}, { obfuscation: 'x'.repeat(content.length) })],
  ])('%s', (_name, make) => {
    const template = learn(make('abc'));
    for (const text of ['x', '', 'ünïcode 😀', '"quotes"', '\\', '\n', '"usage":{', 'x'.repeat(1000)]) {
      expect(fits(template, make(text)), text).toBe(true);
    }
  });

  test('and tells others apart', () => {
    const template = learn(chunk({ content: 'a' }, {}, { obfuscation: 'x' }));
    for (const other of [
      chunk({ content: 'a' }, { finish_reason: 'stop' }, { obfuscation: 'x' }),
      chunk({ content: 'a' }, { index: 1 }, { obfuscation: 'x' }),
      chunk({ content: 'a' }, {}, { obfuscation: 'x', usage: {} }),
      chunk({ content: 'a' }, {}, { obfuscation: 1 }),
      chunk({ content: 'a', refusal: 'b' }, {}, { obfuscation: 'x' }),
      chunk({ content: 'a' }),
      { error: { message: 'a' } },
    ]) {
      expect(fits(template, other), JSON.stringify(other)).toBe(false);
    }
  });

  test('and tells what is broken, at whatever length', () => {
    for (const value of [chunk({ content: 'a' }), chunk({ content: 'a' }, {}, { obfuscation: 'x' })]) {
      const template = learn(value);
      const text = ascii(value);
      const broken = [
        `${text}}`,
        `${text} `,
        text.slice(0, -1),
        `${text.slice(0, -1)}]`,
        text.replace('null}]', 'true}]'),
      ];
      expect(broken.map((one) => matches(template, one))).toEqual(broken.map(() => false));
      expect(matches(template, text)).toBe(true);
    }
  });
});

describe('no form is learned', () => {
  test.each<[string, JsonObject]>([
    ['of a role', chunk({ role: 'assistant' })],
    ['of two contents', chunk({ content: 'a', reasoning_content: 'b' })],
    ['of a call that begins', chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] })],
    [
      'of two calls',
      chunk({
        tool_calls: [
          { index: 0, function: { arguments: 'a' } },
          { index: 1, function: { arguments: 'b' } },
        ],
      }),
    ],
    ['around names that are not ASCII', chunk({ content: 'a' }, {}, { id: 'ü' })],
    ['where the key stands elsewhere first', { first: { content: 'x' }, ...chunk({ content: 'a' }) }],
  ])('%s', (_name, value) => {
    expect(learn(value)).toBeUndefined();
  });
});

test('a chunk with surgery is what surgery makes of it', () => {
  const surgery = new ChunkSurgery({ dropUsage: true, model: 'new' });
  const make = (content: string) => chunk({ content }, {}, { usage: null, obfuscation: 'ab' });
  const template = learn(make('a'), surgery);
  expect(template?.changes).toBe(true);
  for (const content of ['x', 'ünï😀', '\\"', '']) {
    const text = JSON.stringify(make(content));
    expect(fits(template, make(content))).toBe(true);
    expect(template?.replace(text)).toBe(surgery.apply(text));
  }
  expect(learn(make('a'))?.changes).toBe(false);
});
