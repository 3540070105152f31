/** The dialects' declarations are true, and the page of translations says what they declare. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ANSWER_FEATURES,
  REQUEST_FEATURES,
  type AnswerFeature,
  type Dialect,
  type RequestFeature,
} from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../house/tree.ts';
import { ANSWER_PROBES } from './answer-probes.ts';
import { chatDialects } from './dialects.ts';
import { TRANSLATION_PAGE, translationPage } from './page.ts';
import { REQUEST_PROBES } from './request-probes.ts';
import { tryAnswer, tryRequest, type Finding } from './trial.ts';

const dialects = await chatDialects();
const requests = Object.keys(REQUEST_FEATURES) as RequestFeature[];
const answers = Object.keys(ANSWER_FEATURES) as AnswerFeature[];

/** What is declared and not so, each with what the codec said. */
function lies(declared: string | undefined, key: string, { fate, said }: Finding): string[] {
  if (declared === fate) return [];
  return [`${key}: declared ${declared}, but ${fate}${said.length === 0 ? '' : ` (${said.join('; ')})`}`];
}

const requestLies = (dialect: Dialect<'chat'>): string[] =>
  requests.flatMap((key) => lies(dialect.expresses?.request[key], key, tryRequest(dialect, REQUEST_PROBES[key])));
const answerLies = (dialect: Dialect<'chat'>): string[] =>
  answers.flatMap((key) => lies(dialect.expresses?.answer[key], key, tryAnswer(dialect, ANSWER_PROBES[key])));

describe.each(dialects.map((dialect): [string, Dialect<'chat'>] => [dialect.id, dialect]))('%s', (_id, dialect) => {
  test('what it declares of requests is so', () => {
    expect(requestLies(dialect)).toEqual([]);
  });

  test('what it declares of answers is so', () => {
    expect(answerLies(dialect)).toEqual([]);
  });
});

describe('a declaration that lies is found', () => {
  const [dialect] = dialects as [Dialect<'chat'>];
  const { codec } = dialect;

  test('of a request that loses something and says nothing', () => {
    const encodeRequest: typeof codec.encodeRequest = (request, context) => {
      const { temperature: _, ...others } = request;
      return codec.encodeRequest(others, context);
    };
    expect(requestLies({ ...dialect, codec: { ...codec, encodeRequest } })).toContain(
      'temperature: declared written, but unsaid',
    );
  });

  test('of an answer that loses something and says nothing', () => {
    const encodeResponse: typeof codec.encodeResponse = (response, context) =>
      codec.encodeResponse({ ...response, candidates: [] }, context);
    expect(answerLies({ ...dialect, codec: { ...codec, encodeResponse } })).toContainEqual(
      expect.stringMatching(/^text: declared written, but/),
    );
  });

  test('of what is not declared', () => {
    const { expresses: _, ...silent } = dialect;
    expect(requestLies(silent)).toHaveLength(requests.length);
    expect(() => translationPage([silent])).toThrow(`The dialect ${dialect.id} does not declare`);
  });
});

test('there are the dialects that there should be', () => {
  const ids = ['anthropic-messages', 'bedrock-converse', 'gemini-generate', 'openai-chat'];
  expect(dialects.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
});

test('the page says what the dialects declare', () => {
  const page = readFileSync(join(ROOT, TRANSLATION_PAGE), 'utf8');
  expect(translationPage(dialects) === page, 'run `npm run docs`').toBe(true);
});
