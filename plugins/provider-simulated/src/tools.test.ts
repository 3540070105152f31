/** Which tools are called, by a rule that always gives the same. */
import { describe, expect, test } from 'vitest';
import type { Prompt } from './prompt.ts';
import { promptOf } from './rig.test.kit.ts';
import { isAbout, planCalls } from './tools.ts';

const tool = (name: string, ...fields: string[]) => ({
  name,
  schema: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])) },
});
const TOOLS = [tool('get_weather', 'city'), tool('getTime', 'city'), tool('send_email', 'subject')];

const names = (question: string, more: Partial<Prompt> = {}): string[] =>
  planCalls(promptOf({ question, tools: TOOLS, ...more })).map(({ name }) => name);

describe('left to itself, the model calls the tools that the question is about', () => {
  test.each([
    ['What is the weather in Oslo?', ['get_weather']],
    ['Use getTime now', ['getTime']],
    ['Weather and time in Oslo, please', ['get_weather', 'getTime']],
    ['Send two emails', ['send_email']],
    ['Get the news', []],
    ['Hello!', []],
    ['', []],
  ])('%s', (question, expected) => {
    expect(names(question)).toEqual(expected);
  });

  test('one at a time where only one is allowed', () => {
    expect(names('Weather and time in Oslo', { parallelTools: false })).toEqual(['get_weather']);
  });
});

describe('told what to do, the model does it', () => {
  test('none', () => expect(names('weather', { toolChoice: { kind: 'none' } })).toEqual([]));
  test('some tool: the fitting one', () => {
    expect(names('What time is it?', { toolChoice: { kind: 'required' } })).toEqual(['getTime']);
  });
  test('some tool: the first where none fits', () => {
    expect(names('Hello', { toolChoice: { kind: 'required' } })).toEqual(['get_weather']);
  });
  test('one tool', () => {
    expect(names('weather', { toolChoice: { kind: 'tool', name: 'send_email' } })).toEqual(['send_email']);
  });
  test('some tool, but there is none', () => {
    expect(names('weather', { toolChoice: { kind: 'required' }, tools: [] })).toEqual([]);
  });
});

test('after results there are no more calls', () => {
  const results = [{ name: 'get_weather', text: '1 °C', isError: false }];
  expect(names('weather', { results, toolChoice: { kind: 'required' } })).toEqual([]);
});

test('arguments are JSON that fits the schema; without a schema, an empty object', () => {
  const [call] = planCalls(promptOf({ question: 'weather in New York', tools: TOOLS }));
  expect(JSON.parse(call?.arguments ?? '')).toEqual({ city: 'New York' });
  const [bare] = planCalls(promptOf({ question: 'use ping', tools: [{ name: 'ping', schema: {} }] }));
  expect(bare?.arguments).toBe('{}');
});

test.each([
  ['Please calculate 3 * 4', 'calculator', true],
  ['search the web', 'web_search', true],
  ['I use the internet', 'international_call', false],
  ['get it', 'get_weather', false],
  ['Is it cold?', 'weatherLookup', false],
  ['look it up', 'weatherLookup', false],
  ['any weather?', 'weatherLookup', true],
])('%s – %s: %s', (question, name, expected) => {
  expect(isAbout(question, name)).toBe(expected);
});
