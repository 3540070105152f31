/** What the model says is honest, about the question, and always the same. */
import { describe, expect, test } from 'vitest';
import { Dice } from './dice.ts';
import { promptOf } from './rig.test.kit.ts';
import { composeReasoning, composeRefusal, composeText } from './text.ts';

const say = (question: string, more = {}): string => composeText(promptOf({ question, ...more }), new Dice(question));

describe('an answer', () => {
  test.each(['Why is the sky blue?', 'Hello', 'Write a poem about rain.', ''])('to %j says what it is', (question) => {
    expect(say(question)).toMatch(/simulat/u);
    expect(say(question)).toMatch(/\.$/u);
  });

  test('quotes a question, and does not pretend to answer it', () => {
    expect(say('Why is the sky blue?')).toContain('You asked “Why is the sky blue?”, which I cannot answer.');
  });

  test('quotes a wish', () => {
    expect(say('Write a poem.')).toContain('You wrote “Write a poem.”.');
  });

  test('returns a greeting, and quotes what came with it', () => {
    expect(say('Hi there')).toMatch(/^Hello! (?!.*“)/u);
    expect(say('Hello, how are you?')).toMatch(/^Hello! .*“Hello, how are you\?”/u);
  });

  test('quotes the beginning of a long text, on one line', () => {
    const text = say(`${'word '.repeat(20)}\n\n${'more '.repeat(500)}`);
    expect(text).toContain('word more');
    expect(text).toMatch(/more …”/u);
    expect(text.length).toBeLessThan(800);
  });

  test('mentions attachments and earlier messages', () => {
    expect(say('Look', { attachments: 1 })).toContain('an attachment');
    expect(say('Look', { attachments: 3 })).toContain('3 attachments');
    expect(say('And now?', { turns: 4 })).toContain('message 4 of yours');
  });

  test('is the same for the same question, and not for all questions', () => {
    expect(say('One?')).toBe(say('One?'));
    const remarks = new Set(['a', 'b', 'c', 'd', 'e', 'f'].map((question) => say(question).split('”. ')[1]));
    expect(remarks.size).toBeGreaterThan(1);
  });

  test('is as long as it is asked to be', () => {
    const prompt = promptOf({ question: 'Long' });
    expect(composeText(prompt, new Dice('x'), 500).split(' ').length).toBeGreaterThanOrEqual(500);
  });
});

test('results of tools are passed on, failures as failures', () => {
  const results = [
    { name: 'get_weather', text: '22 °C', isError: false },
    { name: 'get_time', text: 'no such zone', isError: true },
  ];
  const text = say('What is the weather?', { results });
  expect(text).toContain('The tool get_weather answered “22 °C”.');
  expect(text).toContain('The tool get_time failed with “no such zone”.');
  expect(text).not.toContain('You asked');
});

test('thoughts and refusals name the question', () => {
  const prompt = promptOf({ question: 'How?' });
  expect(composeReasoning(prompt)).toContain('“How?”');
  expect(composeRefusal(prompt)).toContain('“How?”');
  expect(composeReasoning(promptOf({ question: '' }))).toContain('no text');
});
