/** Every recorded answer, as it stood on the wire. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { parse } from 'yaml';
import { RECORDINGS } from '../e2e/recordings.ts';
import { FOLDERS, PATHS, PROVIDERS, UNSPOKEN, type Origin } from './places.ts';

export interface Answer extends Origin {
  readonly name: string;
  readonly status: number;
  readonly stream: boolean;
  readonly body: Buffer;
  /** The model that was asked for, where the request was recorded. */
  readonly model: string | undefined;
}

/** What the folder holds: answers, what is in no dialect here, and what nobody has sorted yet. */
export interface Recorded {
  readonly answers: Answer[];
  readonly unspoken: { readonly name: string; readonly why: string }[];
  readonly unsorted: string[];
}

export function readRecorded(): Recorded {
  const all: Recorded = { answers: [], unspoken: [], unsorted: [] };
  if (!existsSync(RECORDINGS)) return all;
  const names = readdirSync(RECORDINGS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(RECORDINGS.length + 1));
  for (const name of names.toSorted()) sort(name, all);
  return all;
}

function sort(name: string, all: Recorded): void {
  const why = UNSPOKEN.find(([pattern]) => pattern.test(name))?.[1];
  if (why !== undefined) {
    all.unspoken.push({ name, why });
    return;
  }
  const found = name.startsWith('vercel-ai/') ? bare(name) : cassettes(name);
  if (found.length === 0) all.unsorted.push(name);
  else all.answers.push(...found);
}

/** A body without its request: whole, in frames, or as one event a line. */
function bare(name: string): Answer[] {
  const origin = FOLDERS.find(([pattern]) => pattern.test(name))?.[1];
  if (origin === undefined) return [];
  const text = readFileSync(join(RECORDINGS, name), 'utf8');
  const stream = !name.endsWith('.json');
  const status = /^\s*\{\s*("type":\s*"error"|"error":)/.test(text) ? (/"code":\s*429/.test(text) ? 429 : 400) : 200;
  const bodies = name.endsWith('.chunks.txt') ? steps(text, origin.dialect) : [Buffer.from(text)];
  const { dialect, provider } = origin;
  return bodies.map((body, index) => {
    const step = index === 0 ? name : `${name} #${index + 1}`;
    return { dialect, provider, name: step, status, stream, body, model: undefined };
  });
}

/** The steps of a conversation stand one behind the other. */
const BEGINS = /^\{"type":\s*"(message_start|response\.created|message-start)"/;

function steps(text: string, dialect: string): Buffer[] {
  const all: string[][] = [];
  let over = true;
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    // A start in the middle of an answer is one of those that somebody broke.
    if (over || (dialect === 'openai-responses' && BEGINS.test(line))) all.push([]);
    all.at(-1)?.push(line);
    over = /^\{"type":\s*"(message_stop|message-end)"/.test(line);
  }
  return all.map((lines) => frames(lines, dialect));
}

function frames(lines: readonly string[], dialect: string): Buffer {
  if (dialect === 'bedrock-converse') return Buffer.concat(lines.map(awsMessage));
  if (dialect === 'gemini-generate') return Buffer.from(lines.map((line) => `data: ${line}`).join('\r\n\r\n'));
  if (dialect === 'openai-chat' || dialect === 'openai-completions') {
    return Buffer.from(`${lines.map((line) => `data: ${line}\n\n`).join('')}data: [DONE]\n\n`);
  }
  return Buffer.from(lines.map((line) => `event: ${typeOf(line)}\ndata: ${line}\n\n`).join(''));
}

const typeOf = (line: string): string => /"type":\s*"([^"]*)"/.exec(line)?.[1] ?? 'message';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

/** A line is `{"contentBlockDelta": {…}}`. */
function awsMessage(line: string): Buffer {
  const [[type, payload] = ['', {}]] = Object.entries(JSON.parse(line) as Record<string, unknown>);
  const text = (value: string) => ({ type: 'string' as const, value });
  const headers = {
    ':event-type': text(type),
    ':content-type': text('application/json'),
    ':message-type': text('event'),
  };
  return Buffer.from(codec.encode({ headers, body: Buffer.from(JSON.stringify(payload)) }));
}

interface Interaction {
  request: { url?: string; uri?: string; body?: unknown };
  response: { code?: number; status?: number | string | { code: number }; body?: unknown };
}

/** Cassettes are JSON, or YAML that a Python or a Go recorder wrote. */
function cassettes(name: string): Answer[] {
  const text = readFileSync(join(RECORDINGS, name), 'utf8');
  const cassette = (name.endsWith('.json') ? JSON.parse(text) : parse(text, { logLevel: 'silent' })) as
    | Interaction
    | { interactions: Interaction[] };
  return ('interactions' in cassette ? cassette.interactions : [cassette]).flatMap(({ request, response }) => {
    const path = request.url ?? request.uri ?? '';
    const dialect = PATHS.find(([pattern]) => pattern.test(path))?.[1];
    const body = bytesOf(response.body);
    // A recorder that was stopped kept nothing of the answer.
    if (dialect === undefined || body.length === 0) return [];
    const { code, status } = response;
    const known = code ?? (typeof status === 'object' ? status.code : Number.parseInt(String(status ?? 200), 10));
    const provider = PROVIDERS.find(([pattern]) => pattern.test(name))?.[1] ?? '';
    const stream = /^(event|data|:)/.test(body.toString('latin1', 0, 6)) || path.includes('converse-stream');
    return [{ name, dialect, provider, status: known, stream, body, model: modelOf(request, path) }];
  });
}

function modelOf({ body }: Interaction['request'], path: string): string | undefined {
  const text = bytesOf(body).toString();
  const named = /"model":\s*"([^"]+)"/.exec(text)?.[1] ?? /\/models?\/([^/:]+)/.exec(path)?.[1];
  return named === undefined ? undefined : decodeURIComponent(named);
}

/** Text, text in an object as one recorder has it, or bytes that another took for no text. */
function bytesOf(body: unknown): Buffer {
  const found = typeof body === 'object' && body !== null && 'string' in body ? body.string : body;
  if (found instanceof Uint8Array) return Buffer.from(found);
  const text = typeof found === 'string' ? found : '';
  return text.startsWith('base64:') ? Buffer.from(text.slice(7), 'base64') : Buffer.from(text);
}
