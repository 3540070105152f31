import { expect, test } from 'vitest';
import { toldContext } from './context.test.kit.ts';
import { embeddingsBody } from './embeddings-body.ts';

test('the size has its own name, and users are not told apart', () => {
  const context = toldContext();
  const body = { model: 'codestral-embed', input: ['a'], dimensions: 256, user: 'u-1' };
  expect(embeddingsBody(body, context)).toEqual({ model: 'codestral-embed', input: ['a'], output_dimension: 256 });
  expect(context.told).toEqual(['warn user']);
  expect(embeddingsBody({ input: 'a', dimensions: null }, context)).toEqual({ input: 'a' });
});
