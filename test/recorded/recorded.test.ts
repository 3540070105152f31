/** Every recorded answer decodes in the dialect that it is in; what is broken, or an error, is a typed error. */
import { describe, expect, test } from 'vitest';
import { RECORDINGS_ABSENCE, recordingsThere } from '../e2e/recordings.ts';
import { readRecorded, type Answer } from './answers.ts';
import { BROKEN } from './broken.ts';
import { readAnswer } from './codec-reading.ts';
import { allDialects } from './dialects.ts';
import { UNSPOKEN } from './places.ts';

const { answers, unspoken, unsorted } = readRecorded();
const dialects = await allDialects();

const brokenOf = ({ name }: Answer) => BROKEN.find((one) => one.name.test(name));

function read(answer: Answer) {
  const dialect = dialects.get(answer.dialect);
  if (dialect === undefined) throw new Error(`No plugin registers the dialect ${answer.dialect}.`);
  return readAnswer(dialect, answer);
}

describe.skipIf(!recordingsThere)(`recorded answers${RECORDINGS_ABSENCE}`, () => {
  test('each is sorted: in a dialect, or in none with a reason that still counts', () => {
    expect(unsorted).toEqual([]);
    const used = new Set(unspoken.map(({ why }) => why));
    expect(UNSPOKEN.map(([, why]) => why).filter((why) => !used.has(why))).toEqual([]);
  });

  test('there are as many as there were', () => {
    const counts = Map.groupBy(answers, ({ dialect }) => dialect);
    const least = { 'openai-chat': 150, 'openai-responses': 140, 'anthropic-messages': 90, 'bedrock-converse': 25 };
    for (const [dialect, count] of Object.entries(least)) {
      expect(counts.get(dialect)?.length, dialect).toBeGreaterThan(count);
    }
    expect(counts.get('gemini-generate')?.length).toBeGreaterThan(15);
    expect(counts.get('cohere-chat')?.length).toBeGreaterThan(8);
  });

  describe.each([...new Set(answers.map(({ dialect }) => dialect))])('%s', (dialect) => {
    const of = answers.filter((answer) => answer.dialect === dialect);
    const named = (list: readonly Answer[]): [string, Answer][] => list.map((one) => [one.name, one]);
    const errors = of.filter(({ status }) => status >= 400);
    const good = of.filter((answer) => answer.status < 400 && brokenOf(answer) === undefined);

    test.each(named(good))('%s', (_name, answer) => {
      expect(read(answer)).toMatchObject({ error: undefined, complete: true });
    });

    test.skipIf(errors.length === 0).each(named(errors))('the error %s', (_name, answer) => {
      const { error } = read(answer);
      expect(error).toMatchObject({ status: answer.status });
      expect(error?.message).not.toBe('');
    });
  });

  test.each(BROKEN.map(({ name, why, error }): [string, RegExp, string | number] => [why, name, error]))(
    '%s',
    (_why, name, error) => {
      const found = answers.filter((answer) => name.test(answer.name) && answer.stream);
      expect(found.length).toBeGreaterThan(0);
      for (const answer of found) {
        const seen = read(answer);
        expect(seen.complete).toBe(false);
        expect(seen.error).toMatchObject(typeof error === 'number' ? { status: error } : { code: error });
      }
    },
  );
});
