import { expect, test } from 'vitest';
import { LOCATION, originOf } from './location.ts';

test.each([
  ['global', 'https://aiplatform.googleapis.com'],
  ['us', 'https://aiplatform.us.rep.googleapis.com'],
  ['eu', 'https://aiplatform.eu.rep.googleapis.com'],
  ['us-central1', 'https://us-central1-aiplatform.googleapis.com'],
  ['northamerica-northeast1', 'https://northamerica-northeast1-aiplatform.googleapis.com'],
])('%s is at %s', (location, origin) => {
  expect(LOCATION.test(location)).toBe(true);
  expect(originOf(location)).toBe(origin);
});

test.each([
  '',
  'US',
  'evil.example/',
  'us-central1.evil.example',
  'us@evil',
  'us#',
  'us?',
  'us%2f',
  '..',
  'us-central1\n',
])('%j is no location', (location) => {
  expect(LOCATION.test(location)).toBe(false);
});
