/** Recorded answers of the real API, where there are any: `GATEWRIGHT_RECORDINGS` names their folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@gatewright/core';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDER = process.env['GATEWRIGHT_RECORDINGS'] ?? join(ROOT, '..', 'shared', 'recordings');
const VERCEL = join(FOLDER, 'vercel-ai');
/** Whether there are recordings. */
export const found = existsSync(join(VERCEL, 'cohere'));

/** Why the suites that need recordings are skipped; part of their names. */
export const ABSENCE = found ? '' : ` (skipped: no recordings at ${FOLDER}; set GATEWRIGHT_RECORDINGS)`;

export interface Recorded<T> {
  readonly name: string;
  readonly value: T;
}

function list(folder: string, pattern: RegExp): string[] {
  if (!found) return [];
  return readdirSync(join(VERCEL, folder))
    .filter((name) => pattern.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

const read = (name: string): string => readFileSync(join(VERCEL, name), 'utf8');
const json = (name: string): Recorded<JsonObject> => ({ name, value: JSON.parse(read(name)) as JsonObject });

/** Recorded chats that were not streamed. */
export function recordedAnswers(): Recorded<JsonObject>[] {
  return list('cohere', /\.json$/)
    .map(json)
    .filter(({ value }) => 'message' in value);
}

/** The events of recorded streams. */
export function recordedStreams(): Recorded<JsonObject[]>[] {
  return list('cohere', /\.chunks\.txt$/).map((name) => ({
    name,
    value: read(name)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JsonObject),
  }));
}

/** Recorded embeddings. */
export function recordedEmbeddings(): Recorded<JsonObject>[] {
  return list('cohere', /embedding.*\.json$/).map(json);
}

/** Recorded reranks, of the API and of a server that follows it. */
export function recordedReranks(): Recorded<JsonObject>[] {
  return ['cohere', 'togetherai'].flatMap((vendor) => list(join(vendor, 'reranking'), /\.json$/)).map(json);
}
