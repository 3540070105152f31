/** Recorded answers and requests of the real API, where there are any: `GATEWRIGHT_RECORDINGS` names their folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@gatewright/core';
import { parse as parseYaml } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDER = process.env['GATEWRIGHT_RECORDINGS'] ?? join(ROOT, '..', 'shared', 'recordings');
const VERCEL = join(FOLDER, 'vercel-ai', 'anthropic');
const DD_TRACE = join(FOLDER, 'dd-trace-js', 'anthropic');
/** Whether there are recordings. */
export const found = existsSync(VERCEL) && existsSync(DD_TRACE);

/** Files in which somebody broke a stream on purpose. */
export const BROKEN = { duplicate: 'duplicate-message-start', spliced: 'spliced-message-start' } as const;

/** Why the suites that need recordings are skipped; part of their names. */
export const ABSENCE = found ? '' : ` (skipped: no recordings at ${FOLDER}; set GATEWRIGHT_RECORDINGS)`;

export interface Recorded<T> {
  readonly name: string;
  readonly value: T;
}

interface Exchange {
  readonly name: string;
  readonly request: string;
  readonly reply: string;
}

const list = (folder: string, end: string): string[] =>
  found
    ? readdirSync(folder)
        .filter((name) => name.endsWith(end))
        .toSorted()
    : [];

const text = (body: unknown): string => {
  const string = String(body);
  return string.startsWith('base64:') ? Buffer.from(string.slice(7), 'base64').toString('utf8') : string;
};

/** Recorded with `tests/llmobs/cassettes`: JSON, or the YAML of a Python recorder. */
function exchanges(): Exchange[] {
  const json = list(DD_TRACE, '.json').map((name): Exchange => {
    const { request, response } = JSON.parse(readFileSync(join(DD_TRACE, name), 'utf8')) as {
      request: { body: unknown };
      response: { body: unknown };
    };
    return { name, request: text(request.body), reply: text(response.body) };
  });
  const yaml = list(DD_TRACE, '.yaml').flatMap((name) => {
    const { interactions } = parseYaml(readFileSync(join(DD_TRACE, name), 'utf8'), { logLevel: 'silent' }) as {
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
  const whole = list(VERCEL, '.json').map((name) => ({
    name,
    value: JSON.parse(readFileSync(join(VERCEL, name), 'utf8')) as JsonObject,
  }));
  const replies = exchanges()
    .filter(({ reply }) => reply.startsWith('{'))
    .map(({ name, reply }) => ({ name, value: JSON.parse(reply) as JsonObject }));
  return [...whole, ...replies];
}

/** Recorded streams as bytes. Files with the steps of a conversation one after the other give one stream for each. */
export function recordedStreams(): Recorded<Buffer>[] {
  const framed = list(VERCEL, '.chunks.txt').flatMap((name) => {
    const lines = readFileSync(join(VERCEL, name), 'utf8')
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
