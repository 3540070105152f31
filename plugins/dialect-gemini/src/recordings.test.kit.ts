/** Recorded answers of the Gemini API and of Vertex AI, from wherever they are kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@gatewright/core';

const FOLDER =
  process.env['GATEWRIGHT_RECORDINGS'] ?? fileURLToPath(new URL('../../../../shared/recordings', import.meta.url));

export const recordingsThere = existsSync(FOLDER);

/** Why suites that need recordings are skipped; part of their names. */
export const ABSENCE = recordingsThere ? '' : ` (skipped: no recordings at ${FOLDER}; set GATEWRIGHT_RECORDINGS)`;

export interface Recording {
  readonly name: string;
  readonly stream: boolean;
  /** The bytes as they stood on the wire. */
  readonly body: Buffer;
  readonly request?: JsonObject;
}

/** All recorded answers of this dialect; embeddings are another operation. */
export function readRecordings(): Recording[] {
  return recordingsThere ? [...vercel('vercel-ai/google'), ...datadog('dd-trace-js/genai')] : [];
}

/** The recorded error with retry information. */
export function readRateLimit(): Buffer {
  return readFileSync(join(FOLDER, 'vercel-ai/google/google-429-retry-info.json'));
}

/** Streams are kept as one chunk a line; the frames around them are put back. */
function vercel(folder: string): Recording[] {
  return readdirSync(join(FOLDER, folder))
    .filter((file) => /^google-.*(?:\.chunks\.txt|\.json)$/.test(file) && !file.includes('429'))
    .map((file) => {
      const stream = file.endsWith('.txt');
      const text = readFileSync(join(FOLDER, folder, file), 'utf8');
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      const framed = lines.map((line) => `data: ${line}`).join('\r\n\r\n');
      return { name: `${folder}/${file}`, stream, body: Buffer.from(stream ? framed : text) };
    });
}

interface Cassette {
  readonly request: { readonly body: string };
  readonly response: { readonly body: string };
}

function datadog(folder: string): Recording[] {
  return readdirSync(join(FOLDER, folder))
    .filter((file) => /enerateContent/.test(file))
    .map((file) => {
      const { request, response } = JSON.parse(readFileSync(join(FOLDER, folder, file), 'utf8')) as Cassette;
      const body = bytesOf(response.body);
      const stream = body.toString('latin1').startsWith('data:');
      return { name: `${folder}/${file}`, stream, body, request: JSON.parse(bytesOf(request.body).toString()) };
    });
}

function bytesOf(body: string): Buffer {
  return body.startsWith('base64:') ? Buffer.from(body.slice(7), 'base64') : Buffer.from(body);
}
