/** Recorded traffic of servers that speak the dialect, where there is any: `GATEWRIGHT_RECORDINGS` names its folder. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@gatewright/core';
import { parse } from 'yaml';

/** A body, with the file that it was found in. */
export interface Recorded<T> {
  readonly name: string;
  readonly value: T;
}

export interface Recordings {
  readonly requests: Recorded<JsonObject>[];
  readonly responses: Recorded<JsonObject>[];
  /** The bytes of event streams. */
  readonly streams: Recorded<Buffer>[];
  /** Error replies, with their status. */
  readonly errors: Recorded<{ readonly status: number; readonly body: Buffer }>[];
}

export const ROOT = process.env['GATEWRIGHT_RECORDINGS'] ?? join(import.meta.dirname, '../../../../shared/recordings');

/** Whether there are recordings. */
export const found = existsSync(ROOT);

/** Why the suites that need recordings are skipped; part of their names. */
export const ABSENCE = found ? '' : ` (skipped: no recordings at ${ROOT}; set GATEWRIGHT_RECORDINGS)`;

/** Folders of answers alone: whole bodies, and streams as one chunk a line or as raw events. */
const ANSWERS = [
  'openai/chat',
  'openai-compatible/chat',
  'deepseek/chat',
  'groq',
  'mistral',
  'alibaba',
  'moonshotai',
  'perplexity',
  'xai',
];

export function readRecordings(): Recordings {
  const all: Recordings = { requests: [], responses: [], streams: [], errors: [] };
  if (!found) return all;
  for (const folder of ANSWERS) for (const file of files(`vercel-ai/${folder}`)) addAnswer(file, all);
  for (const file of files('envoy-ai-gateway')) if (file.includes('chat')) addCassette(file, all);
  for (const folder of ['openai', 'azure-openai', 'deepseek']) {
    for (const file of files(`dd-trace-js/${folder}`)) if (file.includes('chat_completions')) addCassette(file, all);
  }
  return all;
}

function files(folder: string): string[] {
  const path = join(ROOT, folder);
  return readdirSync(path)
    .map((name) => join(folder, name))
    .filter((name) => statSync(join(ROOT, name)).isFile());
}

function addAnswer(name: string, all: Recordings): void {
  if (name.includes('transcription')) return;
  const bytes = readFileSync(join(ROOT, name));
  if (name.endsWith('.json')) addReply(name, 200, bytes, all);
  else if (name.endsWith('.chunks.txt')) {
    const lines = bytes.toString().split('\n');
    const events = lines.filter((line) => line.trim() !== '').map((line) => `data: ${line}\n\n`);
    all.streams.push({ name, value: Buffer.from(events.join('')) });
  } else all.streams.push({ name, value: bytes });
}

/** Python's recorder writes header names as objects of a class of its own: not read here, and not told apart. */
const YAML = { uniqueKeys: false, logLevel: 'silent' } as const;

interface Interaction {
  request: { body: unknown };
  response: { body: unknown; code?: number; status?: number | string | { code: number } };
}

/** Cassettes are JSON, or YAML that a Python or a Go recorder wrote. */
function addCassette(name: string, all: Recordings): void {
  const text = readFileSync(join(ROOT, name), 'utf8');
  const cassette = (name.endsWith('.json') ? JSON.parse(text) : parse(text, YAML)) as
    | Interaction
    | { interactions: Interaction[] };
  for (const { request, response } of 'interactions' in cassette ? cassette.interactions : [cassette]) {
    const asked = bytesOf(request.body);
    if (asked.length > 0) all.requests.push({ name, value: JSON.parse(asked.toString()) as JsonObject });
    const { status } = response;
    const code = response.code ?? (typeof status === 'object' ? status.code : Number(status));
    addReply(name, code, bytesOf(response.body), all);
  }
}

function bytesOf(body: unknown): Buffer {
  const text = typeof body === 'string' ? body : ((body as { string?: string } | undefined)?.string ?? '');
  return text.startsWith('base64:') ? Buffer.from(text.slice(7), 'base64') : Buffer.from(text);
}

function addReply(name: string, status: number, bytes: Buffer, all: Recordings): void {
  const text = bytes.toString().trim();
  if (!text.startsWith('{')) {
    all.streams.push({ name, value: bytes });
    return;
  }
  const value = JSON.parse(text) as JsonObject;
  if (status >= 400 || 'error' in value) {
    all.errors.push({ name, value: { status: status >= 400 ? status : 400, body: bytes } });
  } else if (value['object'] !== 'list' && !('results' in value)) all.responses.push({ name, value });
}
