/** Recorded answers and requests of the real API, where there are any. */
import type { JsonObject } from '@gatewright/core';
import { bytesOf, recordings, type Recorded } from '@gatewright/testkit/material';
import { parse as parseYaml } from 'yaml';

const VERCEL = 'vercel-ai/anthropic';
const DD_TRACE = 'dd-trace-js/anthropic';
const material = recordings(VERCEL, DD_TRACE);
export const { found, absence: ABSENCE } = material;

/** Files in which somebody broke a stream on purpose. */
export const BROKEN = { duplicate: 'duplicate-message-start', spliced: 'spliced-message-start' } as const;

interface Exchange {
  readonly name: string;
  readonly request: string;
  readonly reply: string;
}

const text = (body: unknown): string => bytesOf(String(body)).toString();

/** Recorded with `tests/llmobs/cassettes`: JSON, or the YAML of a Python recorder. */
function exchanges(): Exchange[] {
  const json = material.list(DD_TRACE, /\.json$/).map((name): Exchange => {
    const { request, response } = material.json(name) as {
      request: { body: unknown };
      response: { body: unknown };
    };
    return { name, request: text(request.body), reply: text(response.body) };
  });
  const yaml = material.list(DD_TRACE, /\.yaml$/).flatMap((name) => {
    const { interactions } = parseYaml(material.text(name), { logLevel: 'silent' }) as {
      interactions: { request: { body: unknown }; response: { body: { string: unknown } } }[];
    };
    return interactions.map(({ request, response }) => ({
      name,
      request: text(request.body),
      reply: text(response.body.string),
    }));
  });
  return [...json, ...yaml];
}

/** Recorded bodies of requests. */
export function recordedRequests(): Recorded<JsonObject>[] {
  return exchanges().map(({ name, request }) => ({ name, value: JSON.parse(request) as JsonObject }));
}

/** Recorded answers that were not streamed. */
export function recordedMessages(): Recorded<JsonObject>[] {
  const whole = material.list(VERCEL, /\.json$/).map((name) => ({
    name,
    value: material.json(name) as JsonObject,
  }));
  const replies = exchanges()
    .filter(({ reply }) => reply.startsWith('{'))
    .map(({ name, reply }) => ({ name, value: JSON.parse(reply) as JsonObject }));
  return [...whole, ...replies];
}

/** Recorded streams as bytes. Files with the steps of a conversation one after the other give one stream for each. */
export function recordedStreams(): Recorded<Buffer>[] {
  const framed = material.list(VERCEL, /\.chunks\.txt$/).flatMap((name) => {
    const lines = material
      .text(name)
      .split('\n')
      .filter((line) => line !== '');
    return steps(lines).map((step, index) => ({
      name: `${name.replace('.chunks.txt', '')} #${index + 1}`,
      value: Buffer.from(step.map(asFrame).join('')),
    }));
  });
  const raw = exchanges()
    .filter(({ reply }) => reply.startsWith('event:'))
    .map(({ name, reply }) => ({ name, value: Buffer.from(reply) }));
  return [...framed, ...raw];
}

function steps(lines: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const line of lines) {
    all.at(-1)?.push(line);
    if (line.startsWith('{"type":"message_stop"')) all.push([]);
  }
  return all.filter((step) => step.length > 0);
}

const asFrame = (line: string): string => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`;
