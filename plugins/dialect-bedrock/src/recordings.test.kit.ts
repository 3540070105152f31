/** Recorded answers and requests of the real API, where there are any: `GATEWRIGHT_RECORDINGS` names their folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@gatewright/core';
import { awsMessage } from './wire.test.kit.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDER = process.env['GATEWRIGHT_RECORDINGS'] ?? join(ROOT, '..', 'shared', 'recordings');
const VERCEL = join(FOLDER, 'vercel-ai', 'amazon-bedrock');
const DD_TRACE = join(FOLDER, 'dd-trace-js', 'bedrock-runtime');
/** Whether there are recordings. */
export const found = existsSync(VERCEL) && existsSync(DD_TRACE);

/** Why the suites that need recordings are skipped; part of their names. */
export const ABSENCE = found ? '' : ` (skipped: no recordings at ${FOLDER}; set GATEWRIGHT_RECORDINGS)`;

export interface Recorded<T> {
  readonly name: string;
  readonly value: T;
}

const list = (folder: string, pattern: RegExp): string[] =>
  found
    ? readdirSync(folder)
        .filter((name) => pattern.test(name))
        .toSorted()
    : [];

interface Exchange {
  readonly request: { readonly body: string };
  readonly response: { readonly body: string };
}

const exchange = (name: string): Exchange => JSON.parse(readFileSync(join(DD_TRACE, name), 'utf8')) as Exchange;

/** Recorded bodies of requests. */
export function recordedRequests(): Recorded<JsonObject>[] {
  return list(DD_TRACE, /_converse(-stream)?_post/).map((name) => {
    return { name, value: JSON.parse(exchange(name).request.body) as JsonObject };
  });
}

/** Recorded answers that were not streamed. */
export function recordedAnswers(): Recorded<JsonObject>[] {
  const whole = list(VERCEL, /\.json$/).map((name) => {
    return { name, value: JSON.parse(readFileSync(join(VERCEL, name), 'utf8')) as JsonObject };
  });
  const replies = list(DD_TRACE, /_converse_post/).map((name) => {
    return { name, value: JSON.parse(exchange(name).response.body) as JsonObject };
  });
  return [...whole, ...replies];
}

/** Recorded streams, byte for byte. */
export function recordedStreams(): Recorded<Buffer>[] {
  return list(DD_TRACE, /_converse-stream_post/).map((name) => {
    const body = exchange(name).response.body.replace(/^base64:/, '');
    return { name, value: Buffer.from(body, 'base64') };
  });
}

/** Recorded events, one of JSON a line, put back into messages by AWS's own codec. */
export function recordedEvents(): Recorded<Buffer>[] {
  return list(VERCEL, /\.chunks\.txt$/).map((name) => {
    const lines = readFileSync(join(VERCEL, name), 'utf8').split('\n').filter(Boolean);
    return { name, value: Buffer.concat(lines.map((line) => awsMessage(JSON.parse(line) as JsonObject))) };
  });
}
