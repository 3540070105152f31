/** The recorded answers of real providers, in one shape, from wherever they are kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export type RecordedDialect = 'openai-chat' | 'anthropic-messages';

export interface Recording {
  readonly name: string;
  readonly dialect: RecordedDialect;
  /** The request's body, where it was recorded. */
  readonly request: Readonly<Record<string, unknown>> | undefined;
  readonly status: number;
  readonly stream: boolean;
  /** The reply's bytes as they stood on the wire. */
  readonly body: Buffer;
}

const FOLDER =
  process.env['GATEWRIGHT_RECORDINGS'] ?? fileURLToPath(new URL('../../../shared/recordings', import.meta.url));

/** Whether there are recordings on this machine; tests that need them say so where there are none. */
export const recordingsThere = existsSync(FOLDER);

/** All recorded chat answers of the two dialects. */
export function readRecordings(): Recording[] {
  if (!recordingsThere) return [];
  return [
    ...vercel('vercel-ai/openai/chat', 'openai-chat'),
    ...vercel('vercel-ai/anthropic', 'anthropic-messages'),
    ...datadog('dd-trace-js/openai', 'openai-chat', /chat_completions_post/),
    ...datadog('dd-trace-js/anthropic', 'anthropic-messages', /messages/),
    ...envoy('envoy-ai-gateway'),
  ];
}

function files(folder: string): string[] {
  return readdirSync(join(FOLDER, folder)).sort();
}

const read = (folder: string, file: string): string => readFileSync(join(FOLDER, folder, file), 'utf8');

function isDialect(body: string, dialect: RecordedDialect): boolean {
  return dialect === 'openai-chat'
    ? /"chat\.completion/.test(body)
    : /"type":\s*"(message|message_start|error)"/.test(body);
}

function vercel(folder: string, dialect: RecordedDialect): Recording[] {
  const found: Recording[] = [];
  for (const file of files(folder)) {
    const stream = file.endsWith('.chunks.txt');
    if (!stream && !file.endsWith('.json')) continue;
    const text = read(folder, file);
    if (!isDialect(text, dialect)) continue;
    const body = stream ? framed(text, dialect) : text;
    const status = /"type":\s*"error"/.test(text.slice(0, 40)) ? 400 : 200;
    found.push({ name: `${folder}/${file}`, dialect, request: undefined, status, stream, body: Buffer.from(body) });
  }
  return found;
}

/** One JSON event a line, put back into the frames of its dialect. */
function framed(text: string, dialect: RecordedDialect): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (dialect === 'openai-chat') return `${lines.map((line) => `data: ${line}\n\n`).join('')}data: [DONE]\n\n`;
  return lines.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`).join('');
}

interface Cassette {
  request: { url?: string; uri?: string; body: string | null };
  response: { status: { code: number }; headers: Record<string, string | string[]>; body: string | { string: string } };
}

function datadog(folder: string, dialect: RecordedDialect, name: RegExp): Recording[] {
  const found: Recording[] = [];
  for (const file of files(folder)) {
    if (!name.test(file) || !file.endsWith('.json')) continue;
    const { request, response } = JSON.parse(read(folder, file)) as Cassette;
    if (typeof response.body !== 'string' || response.body === '') continue;
    const body = decodeBody(response.body);
    const status = response.status.code;
    if (status === 200 && !isDialect(body.toString(), dialect)) continue;
    const stream = body.toString('utf8', 0, 6) === 'event:' || body.toString('utf8', 0, 5) === 'data:';
    found.push({ name: `${folder}/${file}`, dialect, request: parseRequest(request.body), status, stream, body });
  }
  return found;
}

function decodeBody(body: string): Buffer {
  return body.startsWith('base64:') ? Buffer.from(body.slice(7), 'base64') : Buffer.from(body);
}

function parseRequest(body: string | null): Recording['request'] {
  if (body === null || body === '') return undefined;
  try {
    return JSON.parse(decodeBody(body).toString()) as Recording['request'];
  } catch {
    return undefined;
  }
}

interface GoVcr {
  interactions: { request: { url: string; body: string }; response: { code?: number; body: string } }[];
}

function envoy(folder: string): Recording[] {
  const found: Recording[] = [];
  for (const file of files(folder)) {
    const { interactions } = parse(read(folder, file)) as GoVcr;
    for (const { request, response } of interactions) {
      if (!request.url.endsWith('/chat/completions')) continue;
      const stream = response.body.startsWith('data:');
      const status = response.code ?? 200;
      const body = Buffer.from(response.body);
      found.push({
        name: `${folder}/${file}`,
        dialect: 'openai-chat',
        request: parseRequest(request.body),
        status,
        stream,
        body,
      });
    }
  }
  return found;
}
