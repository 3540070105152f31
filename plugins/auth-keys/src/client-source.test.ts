/** Addresses that one client can choose from are one source. */
import { expect, test } from 'vitest';
import { sourceOf } from './client-source.ts';

test.each([
  [undefined, ''],
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['2001:db8:1:2:ffff::1', '2001:db8:1:2::'],
  ['2001:db8::1', '2001:db8:0:0::'],
  ['::1', '0:0:0:0::'],
  ['fe80::', 'fe80:0:0:0::'],
])('%s is of %s', (address, source) => expect(sourceOf(address)).toBe(source));
