/** Codecs that are loaded late: once, for all who wait. */
import type { Codec } from '@gatewright/core';
import { expect, test } from 'vitest';
import { lateDialect } from './late-dialect.ts';
import { modelsCodec } from './models-codec.ts';

const head = { id: 'late', operation: 'models', requestHeaders: [], replyHeaders: [] } as const;

test('a codec is loaded once, and not before it is asked for', async () => {
  let loads = 0;
  const dialect = lateDialect(head, async () => {
    loads++;
    return modelsCodec;
  });
  expect(loads).toBe(0);
  expect(() => dialect.codec).toThrow(expect.objectContaining({ code: 'GW_INTERNAL' }));
  await Promise.all([dialect.load?.(), dialect.load?.()]);
  expect([loads, dialect.load?.(), dialect.codec === modelsCodec]).toEqual([1, undefined, true]);
});

test('where it cannot be loaded, everybody is told', async () => {
  const dialect = lateDialect<'models'>(head, () => Promise.reject<Codec<'models'>>(new Error('The file is gone.')));
  for (let i = 0; i < 2; i++) await expect(dialect.load?.()).rejects.toThrow('The file is gone.');
});
