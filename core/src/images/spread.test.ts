/** An answer with images becomes a stream of whole ones. */
import { expect, test } from 'vitest';
import { NO_USAGE } from '../usage.ts';
import { spreadImages } from './spread.ts';

test('usage comes first, then each image, then the end', () => {
  const usage = { ...NO_USAGE, imageOutput: 5 };
  const events = spreadImages({ created: 7, usage, images: [{ base64: 'AAAA' }, { url: 'https://x.example/y' }] });
  expect(events).toEqual([
    { type: 'start', id: '', model: '', created: 7 },
    { type: 'usage', usage },
    {
      type: 'part-start',
      candidate: 0,
      index: 0,
      part: { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
    },
    { type: 'part-end', candidate: 0, index: 0 },
    {
      type: 'part-start',
      candidate: 0,
      index: 1,
      part: { type: 'image', source: { kind: 'url', url: 'https://x.example/y' } },
    },
    { type: 'part-end', candidate: 0, index: 1 },
    { type: 'stop', candidate: 0, stop: { reason: 'stop' } },
    { type: 'end' },
  ]);
});

test('an answer of which nothing is known but its images has no usage', () => {
  const types = spreadImages({ images: [] }).map(({ type }) => type);
  expect(types).toEqual(['start', 'stop', 'end']);
});
