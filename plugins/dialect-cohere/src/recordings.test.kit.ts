/** Recorded answers of the real API, where there are any. */
import type { JsonObject } from '@gatewright/core';
import { recordings, type Recorded } from '@gatewright/testkit/material';

const material = recordings('vercel-ai/cohere');
export const { found, absence: ABSENCE } = material;

const json = (name: string): Recorded<JsonObject> => ({ name, value: material.json(name) as JsonObject });

/** Recorded chats that were not streamed. */
export function recordedAnswers(): Recorded<JsonObject>[] {
  return material
    .list('vercel-ai/cohere', /\.json$/)
    .map(json)
    .filter(({ value }) => 'message' in value);
}

/** The events of recorded streams. */
export function recordedStreams(): Recorded<JsonObject[]>[] {
  return material.list('vercel-ai/cohere', /\.chunks\.txt$/).map((name) => ({
    name,
    value: material
      .text(name)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JsonObject),
  }));
}

/** Recorded embeddings. */
export function recordedEmbeddings(): Recorded<JsonObject>[] {
  return material.list('vercel-ai/cohere', /embedding.*\.json$/).map(json);
}

/** Recorded reranks, of the API and of a server that follows it. */
export function recordedReranks(): Recorded<JsonObject>[] {
  return ['cohere', 'togetherai']
    .flatMap((vendor) => material.list(`vercel-ai/${vendor}/reranking`, /\.json$/))
    .map(json);
}

/** Recorded reranks of servers that answer with `data`. */
export function recordedDataReranks(): Recorded<JsonObject>[] {
  return material.list('vercel-ai/voyage/reranking', /\.json$/).map(json);
}
