/** What an answer costs by our disjoint counts is what it costs by the price catalogue's own reading of the provider's block. */
import { NO_USAGE, type Usage } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { RECORDINGS_ABSENCE, recordingsThere } from '../e2e/recordings.ts';
import { readRecorded, type Answer } from './answers.ts';
import { openPrices, priceTwice } from './catalogue.ts';
import { readAnswer } from './codec-reading.ts';
import { allDialects } from './dialects.ts';

/** Where the two differ, and who is right. */
const DIFFERENCES: readonly { readonly name: RegExp; readonly why: string; readonly dearer: 'ours' | 'catalogue' }[] = [
  {
    name: /anthropic-compaction/,
    why: 'a compaction is billed besides the totals, as an iteration of its own, which the catalogue does not read',
    dearer: 'ours',
  },
  {
    name: /moonshotai-reasoning\.json/,
    why: 'tokens read from the cache stand beside the others, and not in the details, where the catalogue looks for them',
    dearer: 'catalogue',
  },
];

const { answers } = readRecorded();
const dialects = await allDialects();
const prices = await openPrices();

interface Counted {
  readonly answer: Answer;
  readonly usage: Usage;
  readonly model: string | undefined;
}

const counted = answers.flatMap((answer): Counted[] => {
  const dialect = dialects.get(answer.dialect);
  const { usage, model } = dialect === undefined ? {} : readAnswer(dialect, answer);
  return usage === undefined ? [] : [{ answer, usage, model: answer.model ?? model }];
});

/** The classes of tokens, and no others. */
const CLASSES = Object.keys(NO_USAGE) as (keyof typeof NO_USAGE)[];

const tokensOf = (usage: Usage): number => CLASSES.reduce((sum, name) => sum + Number(usage[name]), 0);

describe.skipIf(!recordingsThere)(`the cost of recorded usage${RECORDINGS_ABSENCE}`, () => {
  test.each(counted.map((one): [string, Counted] => [one.answer.name, one]))(
    '%s',
    (_name, { answer, usage, model }) => {
      const priced = priceTwice(prices, answer.dialect, answer.provider, model, usage);
      if (priced === undefined) {
        // The catalogue reads no usage of this kind; what is billed by the minute or the piece has none of its own.
        expect(UNREAD).toContain(answer.dialect);
        return;
      }
      const difference = DIFFERENCES.find(({ name }) => name.test(answer.name));
      // Ours is rounded up, once.
      if (difference === undefined) expect(Math.abs(priced.ours - priced.catalogue)).toBeLessThanOrEqual(1.001);
      else expect(priced.ours > priced.catalogue ? 'ours' : 'catalogue').toBe(difference.dearer);
    },
  );

  test('most blocks are compared, and every difference is one that there is', () => {
    const compared = counted.filter(({ answer }) => !UNREAD.includes(answer.dialect));
    expect(compared.length).toBeGreaterThan(450);
    expect(compared.filter(({ usage }) => !(tokensOf(usage) >= 0))).toEqual([]);
    for (const { name, why } of DIFFERENCES)
      expect(
        counted.some(({ answer }) => name.test(answer.name)),
        why,
      ).toBe(true);
  });
});

/** Dialects of whose usage the catalogue has no reading. */
const UNREAD = [
  'openai-transcriptions',
  'openai-images',
  'openai-image-edits',
  'openai-image-variations',
  'cohere-rerank',
  'voyage-rerank',
];
