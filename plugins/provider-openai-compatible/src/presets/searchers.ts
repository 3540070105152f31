/** Makers of models for searching: they embed and rerank, and do not chat. */
import type { Preset } from './preset.ts';

export const SEARCHERS: readonly Preset[] = [
  {
    id: 'voyage',
    name: 'Voyage AI',
    baseUrl: 'https://api.voyageai.com/v1',
    keyVariable: 'VOYAGE_API_KEY',
    operations: ['embeddings', 'rerank'],
    quirks: { dataRerank: 'top_k' },
    docs: 'https://docs.voyageai.com/reference/reranker-api',
    sources: [
      'https://docs.voyageai.com/reference/reranker-api',
      'https://docs.voyageai.com/reference/embeddings-api',
      'https://github.com/voyage-ai/typescript-sdk',
    ],
    checked: '2026-11-22',
    verified: 'documentation',
  },
];
