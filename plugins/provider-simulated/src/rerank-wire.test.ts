/** Simulated reranks: the order of shared words, and always the same. */
import { expect, test } from 'vitest';
import { ask } from './rig.test.kit.ts';

const DOCUMENTS = ['Tax forms for 2025', 'The weather in Oslo is cold', 'Oslo is the capital of Norway'];

async function rerank(more: object = {}): Promise<Record<string, unknown>> {
  const body = { model: 'sim', query: 'weather in Oslo', documents: DOCUMENTS, ...more };
  const { status, text } = await ask({ operation: 'rerank', body });
  return { status, ...(JSON.parse(text) as object) };
}

test('documents with more of the words of the query come first', async () => {
  const answer = await rerank();
  expect(answer).toMatchObject({
    status: 200,
    results: [
      { index: 1, relevance_score: 0.666667 },
      { index: 2, relevance_score: 0.222222 },
      { index: 0, relevance_score: 0 },
    ],
    meta: { billed_units: { search_units: 1 } },
  });
  expect(await rerank()).toEqual(answer);
});

test('as many as are wanted, with their documents where those are', async () => {
  expect((await rerank({ top_n: 1, return_documents: true }))['results']).toEqual([
    { document: { text: DOCUMENTS[1] }, index: 1, relevance_score: 0.666667 },
  ]);
});

test('objects are judged by their text, or by the fields that are named', async () => {
  const documents = [
    { text: 'Oslo weather', title: 'x' },
    { text: 'x', title: 'weather in Oslo' },
  ];
  const first = async (more: object): Promise<unknown> =>
    ((await rerank({ documents, ...more }))['results'] as { index: number }[])[0]?.index;
  expect([await first({}), await first({ rank_fields: ['title'] })]).toEqual([0, 1]);
});

test('a hundred documents are one search', async () => {
  const documents = Array.from({ length: 101 }, (_, index) => `document ${index}`);
  expect((await rerank({ documents }))['meta']).toMatchObject({ billed_units: { search_units: 2 } });
});

test.each([
  [{ query: ' ' }, /query/],
  [{ documents: [] }, /documents must not be empty/],
  [{ documents: [1] }, /index 0/],
  [{ top_n: 0 }, /top_n/],
])('refused: %j', async (more, message) => {
  expect(await rerank(more)).toMatchObject({ status: 400, message: expect.stringMatching(message) as string });
});

test('a fault is asked for as in chat, and has the form of this dialect', async () => {
  expect(await rerank({ model: 'error-503' })).toMatchObject({ status: 503, message: expect.any(String) as string });
});
