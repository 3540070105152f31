/** Recorded traffic of servers that speak the dialect, where there is any. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@gatewright/core';
import { ROOT, type Recorded } from '../recordings.test.kit.ts';

export { ABSENCE, found } from '../recordings.test.kit.ts';

export interface Recordings {
  readonly requests: Recorded<JsonObject>[];
  readonly answers: Recorded<JsonObject>[];
  /** The bytes of event streams, and their events. */
  readonly streams: Recorded<{ readonly bytes: Buffer; readonly events: readonly JsonObject[] }>[];
}

const ANSWERS = ['openai/responses', 'open-responses/responses', 'xai/responses', 'azure'];

export function readRecordings(): Recordings {
  const all: Recordings = { requests: [], answers: [], streams: [] };
  if (!existsSync(ROOT)) return all;
  for (const folder of ANSWERS) {
    for (const file of readdirSync(join(ROOT, 'vercel-ai', folder))) addAnswer(`vercel-ai/${folder}/${file}`, all);
  }
  const folder = 'dd-trace-js/openai';
  for (const file of readdirSync(join(ROOT, folder))) {
    if (/responses_post.*\.json$/.test(file)) addCassette(`${folder}/${file}`, all);
  }
  return all;
}

function addAnswer(name: string, all: Recordings): void {
  const text = readFileSync(join(ROOT, name), 'utf8');
  if (name.endsWith('.json')) {
    const value = JSON.parse(text) as JsonObject;
    if (value['object'] === 'response') all.answers.push({ name, value });
    return;
  }
  if (!text.includes('response.created')) return;
  const streams: string[][] = [];
  for (const line of text.split('\n')) {
    // The turns of a conversation stand one behind the other.
    if (parse(line)?.['type'] === 'response.created') streams.push([]);
    if (line.trim() !== '') streams.at(-1)?.push(line);
  }
  for (const [index, lines] of streams.entries()) addStream(index === 0 ? name : `${name} #${index + 1}`, lines, all);
}

/** Some have broken frames, on purpose: they are in the bytes, and not among the events. */
function addStream(name: string, lines: readonly string[], all: Recordings): void {
  const events = lines.map(parse).filter((event) => event !== undefined);
  const frames = lines.map((line) => `event: ${typeOf(line)}\ndata: ${line}\n\n`);
  all.streams.push({ name, value: { bytes: Buffer.from(frames.join('')), events } });
}

const typeOf = (line: string): string => (parse(line) as { type?: string } | undefined)?.type ?? 'response.broken';

function parse(line: string): JsonObject | undefined {
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    return undefined;
  }
}

interface Cassette {
  readonly request: { readonly body: string };
  readonly response: { readonly body: string; readonly status: { readonly code: number } };
}

function addCassette(name: string, all: Recordings): void {
  const { request, response } = JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as Cassette;
  const asked = JSON.parse(request.body) as JsonObject;
  all.requests.push({ name, value: asked });
  const bytes = response.body.startsWith('base64:')
    ? Buffer.from(response.body.slice(7), 'base64')
    : Buffer.from(response.body);
  const text = bytes.toString();
  if (text.trim().startsWith('{')) {
    all.answers.push({ name, value: JSON.parse(text) as JsonObject });
    return;
  }
  const data = text.split('\n').filter((line) => line.startsWith('data: '));
  all.streams.push({ name, value: { bytes, events: data.map((line) => JSON.parse(line.slice(6)) as JsonObject) } });
}
