/** Tests that reasons name nothing of the machine. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reasonOf } from './reason.ts';

test('leaves out folders and addresses, keeps what happened, and ends in time', () => {
  const error = new Error(
    `cannot read ${join(tmpdir(), 'a.db')},\n  nor https://example.test/x of ${import.meta.dirname}`,
  );
  expect(reasonOf(error)).toBe('cannot read (temporary)/a.db, nor the registry of ./bench/src');
  expect(reasonOf('x'.repeat(1000))).toHaveLength(400);
});
