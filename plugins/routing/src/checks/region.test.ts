/** Where requests may be served. */
import { expect, test } from 'vitest';
import { targets, verdicts } from '../rig.test.kit.ts';
import { RegionCheck } from './region.ts';

const REGIONS: Readonly<Record<string, string>> = { 'p/1': 'eu', 'p/2': 'us', 'p/3': 'ch' };
const check = new RegionCheck(({ id }) => REGIONS[id], 'x-region');
const allowed = (header: string | undefined, tags: readonly string[] = []): string[] | undefined => {
  const headers = header === undefined ? {} : { 'x-region': header };
  const found = verdicts(check, { headers, identity: { key: 'k', tags } });
  return found && targets(4).flatMap(({ id }, index) => (found[index] === undefined ? [id] : []));
};

test('without a wish all may serve it', () => expect(allowed(undefined, ['other'])).toBeUndefined());

test('what the header names, and nothing that says no region', () => {
  expect(allowed('eu')).toEqual(['p/1']);
  expect(allowed('eu, ch')).toEqual(['p/1', 'p/3']);
  expect(allowed('mars')).toEqual([]);
});

test('a key is bound by its tags, and the header cannot loosen them', () => {
  expect(allowed(undefined, ['region:eu', 'region:ch'])).toEqual(['p/1', 'p/3']);
  expect(allowed('us, eu', ['region:eu', 'region:ch'])).toEqual(['p/1']);
  expect(allowed('us', ['region:eu'])).toEqual([]);
});

test('says where the target is, and where it must stay', () => {
  expect(verdicts(check, { headers: { 'x-region': 'eu' } })).toEqual([
    undefined,
    'is in us, and this must stay in eu',
    'is in ch, and this must stay in eu',
    'says no region, and this must stay in eu',
  ]);
});
