/** The recorded answers of real providers, in one shape, from wherever they are kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export type RecordedDialect = 'openai-chat' | 'anthropic-messages';

export interface Recording {
  readonly name: string;
  readonly dialect: RecordedDialect;
  /** The server is not the vendor's own: it only speaks the dialect, in its own way. */
  readonly compatible: boolean;
  /** The request's body, where it was recorded. */
  readonly request: Readonly<Record<string, unknown>> | undefined;
  readonly status: number;
  readonly stream: boolean;
  /** The reply's bytes as they stood on the wire. */
  readonly body: Buffer;
}

/** Where the recordings are. */
export const RECORDINGS =
  process.env['GATEWRIGHT_RECORDINGS'] ?? fileURLToPath(new URL('../../../shared/recordings', import.meta.url));

/** Whether there are recordings on this machine; tests that need them say so where there are none. */
export const recordingsThere = existsSync(RECORDINGS);

/** Why suites that need recordings are skipped; part of their names. */
export const RECORDINGS_ABSENCE = recordingsThere
  ? ''
  : ` (skipped: no recordings at ${RECORDINGS}; set GATEWRIGHT_RECORDINGS)`;

/** Folders of recorded bodies whose servers are others than OpenAI and speak its dialect. */
const COMPATIBLE = [
  'alibaba',
  'azure',
  'deepseek/chat',
  'groq',
  'mistral',
  'moonshotai',
  'openai-compatible/chat',
  'perplexity',
  'xai',
];

/** All recorded chat answers of the two dialects. */
export function readRecordings(): Recording[] {
  if (!recordingsThere) return [];
  const chat = /chat_completions_/;
  return [
    ...vercel('vercel-ai/openai/chat', 'openai-chat'),
    ...vercel('vercel-ai/anthropic', 'anthropic-messages'),
    ...datadog('dd-trace-js/openai', 'openai-chat', chat),
    ...datadog('dd-trace-js/anthropic', 'anthropic-messages', /messages/),
    ...envoy('envoy-ai-gateway'),
    ...COMPATIBLE.flatMap((folder) => vercel(`vercel-ai/${folder}`, 'openai-chat').map(asCompatible)),
    ...datadog('dd-trace-js/azure-openai', 'openai-chat', chat).map(asCompatible),
    ...datadog('dd-trace-js/deepseek', 'openai-chat', chat).map(asCompatible),
  ];
}

const asCompatible = (recording: Recording): Recording => ({ ...recording, compatible: true });

export function files(folder: string): string[] {
  return readdirSync(join(RECORDINGS, folder)).sort();
}

const read = (folder: string, file: string): string => readFileSync(join(RECORDINGS, folder, file), 'utf8');

function isDialect(body: string, dialect: RecordedDialect): boolean {
  return dialect === 'openai-chat'
    ? /"chat\.completion|"delta":|^\s*\{\s*"error":/.test(body) && !/"type":\s*"response\./.test(body)
    : /"type":\s*"(message|message_start|error)"/.test(body);
}

function vercel(folder: string, dialect: RecordedDialect): Recording[] {
  const found: Recording[] = [];
  for (const file of files(folder)) {
    const lines = file.endsWith('.chunks.txt');
    const stream = lines || file.endsWith('.sse');
    if (!stream && !file.endsWith('.json')) continue;
    const text = read(folder, file);
    if (!isDialect(text, dialect)) continue;
    const status = /^\s*\{\s*("type":\s*"error"|"error":)/.test(text) ? 400 : 200;
    for (const [index, body] of (lines ? framed(text, dialect) : [text]).entries()) {
      const name = `${folder}/${file}${index === 0 ? '' : ` #${index + 1}`}`;
      found.push({ ...UNASKED, name, dialect, status, stream, body: Buffer.from(body) });
    }
  }
  return found;
}

const UNASKED = { compatible: false, request: undefined };

/** One JSON event a line, put back into the frames of its dialect; the steps of a conversation are streams of their own. */
function framed(text: string, dialect: RecordedDialect): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (dialect === 'openai-chat') return [`${lines.map((line) => `data: ${line}\n\n`).join('')}data: [DONE]\n\n`];
  const streams = [''];
  for (const [index, line] of lines.entries()) {
    const { type } = JSON.parse(line) as { type: string };
    streams.push(`${streams.pop() ?? ''}event: ${type}\ndata: ${line}\n\n`);
    if (type === 'message_stop' && index < lines.length - 1) streams.push('');
  }
  return streams;
}

export interface Cassette {
  request: { url?: string; uri?: string; body: string | null };
  response: { status: { code: number }; body: string | { string: string } };
}

/** The interactions of a file: one in JSON, or those of a Python recorder in YAML. */
export function cassettes(folder: string, file: string): Cassette[] {
  const text = read(folder, file);
  if (file.endsWith('.json')) return [JSON.parse(text) as Cassette];
  return (parse(text, { logLevel: 'silent' }) as { interactions: Cassette[] }).interactions;
}

function datadog(folder: string, dialect: RecordedDialect, name: RegExp): Recording[] {
  const found: Recording[] = [];
  for (const file of files(folder)) {
    if (!name.test(file)) continue;
    for (const { request, response } of cassettes(folder, file)) {
      const text = typeof response.body === 'string' ? response.body : response.body.string;
      const body = decodeBody(text);
      const status = response.status.code;
      if (body.length === 0 || (status === 200 && !isDialect(body.toString(), dialect))) continue;
      const stream = /^(event|data):/.test(body.toString('utf8', 0, 6));
      const asked = { compatible: false, request: parseRequest(request.body) };
      found.push({ ...asked, name: `${folder}/${file}`, dialect, status, stream, body });
    }
  }
  return found;
}

export function decodeBody(body: string): Buffer {
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
        compatible: request.url.includes('azure'),
        request: parseRequest(request.body),
        status,
        stream,
        body,
      });
    }
  }
  return found;
}
