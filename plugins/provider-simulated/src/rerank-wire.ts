/**
 * Writes reranks in Cohere's dialect (https://docs.cohere.com/reference/rerank). How well a document answers a query is
 * how many words they share.
 */
import type { JsonObject } from '@gatewright/core';
import { isObject, objectOf, stringOf } from './json.ts';
import { openaiWire } from './openai-wire.ts';
import { plainPrompt } from './plain-prompt.ts';
import { InvalidRequest } from './prompt.ts';
import type { Failure, Wire, Writing } from './wire.ts';

/** How many documents of a query are billed as one search (https://cohere.com/pricing). */
const SEARCH = 100;

export const rerankWire: Wire = {
  ...openaiWire,
  idHeader: 'x-debug-trace-id',
  read(body) {
    const { query, top_n: top } = body;
    if (typeof query !== 'string' || query.trim() === '') {
      throw new InvalidRequest('query', 'invalid request: query must not be empty or be only whitespace');
    }
    if (top !== undefined && (!Number.isInteger(top) || Number(top) < 1)) {
      throw new InvalidRequest('top_n', 'invalid request: top_n must be at least 1');
    }
    return plainPrompt(body, [query, ...documentsOf(body).map((document) => textOf(document, body))]);
  },
  whole,
  stream: () => [],
  failure: ({ message }: Failure) => JSON.stringify({ id: 'simulated', message }),
};

function documentsOf({ documents }: JsonObject): readonly (string | JsonObject)[] {
  if (!Array.isArray(documents) || documents.length === 0) {
    throw new InvalidRequest('documents', 'invalid request: list of documents must not be empty');
  }
  return documents.map((document: unknown, index) => {
    if (typeof document === 'string' || isObject(document)) return document;
    throw new InvalidRequest('documents', `invalid request: document at index ${index} must be a text or an object`);
  });
}

/** What of a document is judged: the fields that are named, or its text. */
function textOf(document: string | JsonObject, { rank_fields: fields }: JsonObject): string {
  if (typeof document === 'string') return document;
  const names = Array.isArray(fields) ? fields.map(String) : ['text'];
  return names.map((name) => stringOf(document[name])).join(' ');
}

function whole({ id, prompt, usage }: Writing): string {
  const body = objectOf(prompt.body);
  const documents = documentsOf(body);
  const query = wordsOf(stringOf(body['query']));
  const scored = documents.map((document, index) => ({
    index,
    score: likeness(query, wordsOf(textOf(document, body))),
  }));
  const best = scored.toSorted((a, b) => b.score - a.score || a.index - b.index);
  const top = typeof body['top_n'] === 'number' ? body['top_n'] : best.length;
  const results = best.slice(0, top).map(({ index, score }) => {
    const document = documents[index];
    const shown = typeof document === 'string' ? { text: document } : document;
    return { document: body['return_documents'] === true ? shown : undefined, index, relevance_score: score };
  });
  const billed = { search_units: Math.ceil(documents.length / SEARCH) };
  const meta = { api_version: { version: '2' }, ...(usage ? { billed_units: billed } : {}) };
  return JSON.stringify({ id, results, meta });
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}

/** From 0, where they share no word, to 1, where they share all: the Sørensen–Dice coefficient. */
function likeness(query: ReadonlySet<string>, document: ReadonlySet<string>): number {
  const shared = [...query].filter((word) => document.has(word)).length;
  return Number(((2 * shared) / Math.max(1, query.size + document.size)).toFixed(6));
}
