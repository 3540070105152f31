import { expect, test } from 'vitest';
import type { Attempt } from '../attempt.ts';
import { attemptView, bytesAlone } from './view.ts';

test('of a buffer that others share, an attempt shows the thread its own bytes alone', () => {
  const shared = Buffer.from('secret of another, and the body');
  const { body } = attemptView({ body: shared.subarray(-8) } as Partial<Attempt> as Attempt);
  expect(Buffer.from(structuredClone(body as Uint8Array<ArrayBuffer>).buffer).toString()).toBe('the body');
  expect(attemptView({ body: undefined } as Partial<Attempt> as Attempt).body).toBeUndefined();
});

test('bytes that are alone already are not copied', () => {
  const bytes = new Uint8Array(8);
  expect(bytesAlone(bytes)).toBe(bytes);
});
