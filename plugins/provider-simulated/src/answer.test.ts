/** Answers keep to limits, stop sequences, formats and wishes, and count what they say. */
import { describe, expect, test } from 'vitest';
import { answerTo, NO_WISH, type Answer } from './answer.ts';
import { promptOf } from './rig.test.kit.ts';

const textOf = (answer: Answer): string => answer.blocks.map(({ tokens }) => tokens.join('')).join('|');
const question = 'Why is the sky blue?';

test('a plain answer is one text, and every token counts', () => {
  const answer = answerTo(promptOf({ question }));
  expect(answer.stop).toBe('stop');
  expect(answer.blocks.map(({ kind }) => kind)).toEqual(['text']);
  expect(answer.outputTokens).toBe(answer.blocks[0]?.tokens.length);
});

test('the same prompt gets the same answer; another candidate differs', () => {
  expect(answerTo(promptOf({ question }))).toEqual(answerTo(promptOf({ question })));
  const texts = new Set(
    [0, 1, 2, 3, 4].map((candidate) => textOf(answerTo(promptOf({ question }), NO_WISH, candidate))),
  );
  expect(texts.size).toBeGreaterThan(1);
});

describe('the limit', () => {
  test('cuts the text at exactly so many tokens', () => {
    const answer = answerTo(promptOf({ question, maxOutput: 7 }));
    expect([answer.stop, answer.outputTokens]).toEqual(['length', 7]);
  });

  test('that is just enough cuts nothing', () => {
    const { outputTokens } = answerTo(promptOf({ question }));
    expect(answerTo(promptOf({ question, maxOutput: outputTokens })).stop).toBe('stop');
    expect(answerTo(promptOf({ question, maxOutput: outputTokens - 1 })).stop).toBe('length');
  });

  test('counts thinking first, and may leave nothing for the text', () => {
    const answer = answerTo(promptOf({ question, reasoning: 'shown', maxOutput: 5 }));
    expect([answer.stop, answer.reasoningTokens, answer.outputTokens]).toEqual(['length', 5, 5]);
    expect(answer.blocks.map(({ kind, tokens }) => [kind, tokens.length])).toEqual([
      ['reasoning', 5],
      ['text', 0],
    ]);
  });

  test('cuts the arguments of a tool call', () => {
    const tools = [{ name: 'weather', schema: { properties: { city: { type: 'string' } } } }];
    const answer = answerTo(promptOf({ question: 'weather', tools, maxOutput: 2 }));
    expect([answer.stop, textOf(answer)]).toEqual(['length', '{"city']);
  });
});

describe('stop sequences', () => {
  test('end the text before the first of them', () => {
    const answer = answerTo(promptOf({ question, stop: ['cannot', 'sky', ''] }));
    expect([answer.stop, answer.sequence]).toEqual(['stop-sequence', 'sky']);
    expect(textOf(answer)).toMatch(/Why is the $/u);
  });

  test('that do not occur change nothing', () => {
    expect(answerTo(promptOf({ question, stop: ['~~'] }))).toEqual(answerTo(promptOf({ question })));
  });
});

describe('thinking', () => {
  test.each([
    ['none', 0, false, false],
    ['hidden', 0, false, true],
    ['omitted', 1, false, true],
    ['shown', 1, true, true],
  ] as const)('%s', (reasoning, count, hasText, counted) => {
    const answer = answerTo(promptOf({ question, reasoning }));
    const blocks = answer.blocks.filter(({ kind }) => kind === 'reasoning');
    expect(blocks).toHaveLength(count);
    expect(blocks.some(({ tokens }) => tokens.length > 0)).toBe(hasText);
    expect(answer.reasoningTokens > 0).toBe(counted);
    const text = answer.blocks.find(({ kind }) => kind === 'text')?.tokens.length ?? 0;
    expect(answer.outputTokens).toBe(answer.reasoningTokens + text);
  });
});

describe('formats', () => {
  test('a schema', () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 3 } }, required: ['n'] };
    const answer = answerTo(promptOf({ question, format: { kind: 'schema', schema } }));
    expect(JSON.parse(textOf(answer))).toEqual({ n: 3 });
  });

  test('any JSON', () => {
    const answer = answerTo(promptOf({ question, format: { kind: 'json' } }));
    expect(JSON.parse(textOf(answer))).toEqual({ answer: expect.stringContaining('simulat') as string });
  });
});

describe('wishes', () => {
  test('a length', () => {
    for (const length of [1, 10, 5000]) {
      expect(answerTo(promptOf({ question }), { ...NO_WISH, length }).outputTokens).toBe(length);
    }
  });

  test('a refusal', () => {
    const answer = answerTo(promptOf({ question }), { ...NO_WISH, refuse: true });
    expect([answer.stop, answer.blocks[0]?.kind]).toEqual(['refusal', 'refusal']);
  });

  test('a filter', () => {
    const whole = answerTo(promptOf({ question }));
    const answer = answerTo(promptOf({ question }), { ...NO_WISH, filter: true });
    expect(answer.stop).toBe('content-filter');
    expect(answer.outputTokens).toBe(Math.ceil(whole.outputTokens / 2));
  });
});

test('calls of several tools have ids of their own, and others in the next turn', () => {
  const tools = ['weather', 'time'].map((name) => ({ name, schema: {} }));
  const ids = [1, 2].flatMap((turns) =>
    answerTo(promptOf({ question: 'weather and time', tools, turns })).blocks.map((block) => 'id' in block && block.id),
  );
  expect(new Set(ids).size).toBe(4);
});
