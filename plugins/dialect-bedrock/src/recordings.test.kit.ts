/** Recorded answers and requests of the real API, where there are any. */
import type { JsonObject } from '@gatewright/core';
import { bytesOf, recordings, type Recorded } from '@gatewright/testkit/material';
import { awsMessage } from './wire.test.kit.ts';

const VERCEL = 'vercel-ai/amazon-bedrock';
const DD_TRACE = 'dd-trace-js/bedrock-runtime';
const material = recordings(VERCEL, DD_TRACE);
export const { found, absence: ABSENCE } = material;

interface Exchange {
  readonly request: { readonly body: string };
  readonly response: { readonly body: string };
}

const exchange = (name: string): Exchange => material.json(name) as Exchange;

/** Recorded bodies of requests. */
export function recordedRequests(): Recorded<JsonObject>[] {
  return material.list(DD_TRACE, /_converse(-stream)?_post/).map((name) => {
    return { name, value: JSON.parse(exchange(name).request.body) as JsonObject };
  });
}

/** Recorded answers that were not streamed. */
export function recordedAnswers(): Recorded<JsonObject>[] {
  const whole = material.list(VERCEL, /\.json$/).map((name) => {
    return { name, value: material.json(name) as JsonObject };
  });
  const replies = material.list(DD_TRACE, /_converse_post/).map((name) => {
    return { name, value: JSON.parse(exchange(name).response.body) as JsonObject };
  });
  return [...whole, ...replies];
}

/** Recorded streams, byte for byte. */
export function recordedStreams(): Recorded<Buffer>[] {
  return material.list(DD_TRACE, /_converse-stream_post/).map((name) => {
    return { name, value: bytesOf(exchange(name).response.body) };
  });
}

/** Recorded events, one of JSON a line, put back into messages by AWS's own codec. */
export function recordedEvents(): Recorded<Buffer>[] {
  return material.list(VERCEL, /\.chunks\.txt$/).map((name) => {
    const lines = material.text(name).split('\n').filter(Boolean);
    return { name, value: Buffer.concat(lines.map((line) => awsMessage(JSON.parse(line) as JsonObject))) };
  });
}
