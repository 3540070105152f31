/** Recorded answers of the Gemini API and of Vertex AI, where there are any. */
import type { JsonObject } from '@gatewright/core';
import { bytesOf, recordings } from '@gatewright/testkit/material';

const material = recordings('vercel-ai/google', 'dd-trace-js/genai');
export const { found: recordingsThere, absence: ABSENCE } = material;

export interface Recording {
  readonly name: string;
  readonly stream: boolean;
  /** The bytes as they stood on the wire. */
  readonly body: Buffer;
  readonly request?: JsonObject;
}

/** All recorded answers of this dialect; embeddings are another operation. */
export function readRecordings(): Recording[] {
  return [...vercel('vercel-ai/google'), ...datadog('dd-trace-js/genai')];
}

/** The recorded error with retry information. */
export function readRateLimit(): Buffer {
  return Buffer.from(material.text('vercel-ai/google/google-429-retry-info.json'));
}

/** Streams are kept as one chunk a line; the frames around them are put back. */
function vercel(folder: string): Recording[] {
  return material.list(folder, /^google-(?!.*429).*(?:\.chunks\.txt|\.json)$/).map((name) => {
    const stream = name.endsWith('.txt');
    const text = material.text(name);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const framed = lines.map((line) => `data: ${line}`).join('\r\n\r\n');
    return { name, stream, body: Buffer.from(stream ? framed : text) };
  });
}

interface Cassette {
  readonly request: { readonly body: string };
  readonly response: { readonly body: string };
}

function datadog(folder: string): Recording[] {
  return material.list(folder, /enerateContent/).map((name) => {
    const { request, response } = material.json(name) as Cassette;
    const body = bytesOf(response.body);
    const stream = body.toString('latin1').startsWith('data:');
    return { name, stream, body, request: JSON.parse(bytesOf(request.body).toString()) as JsonObject };
  });
}
