/** Turns the frames of a streamed completion into neutral events. */
import {
  GatewayError,
  type ChatEvent,
  type EventDecoder,
  type JsonObject,
  type StartEvent,
  type UpstreamError,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { isObject, sameJson, textOf, type Writable } from '../json-value.ts';
import { unknownFields } from '../rest.ts';
import { decodeStop } from '../stop.ts';
import { errorInside, errorOfFrame } from '../upstream-error.ts';
import { decodeUsage } from '../usage.ts';
import { indexOf, restOfChoice } from './choice.ts';
import { COMPLETIONS } from './dialect-id.ts';

const NOTHING: readonly ChatEvent[] = [];
const CHUNK_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'obfuscation',
]);

interface Candidate {
  open: boolean;
  stopped: boolean;
}

export class CompletionDecoder implements EventDecoder<ChatEvent> {
  readonly #candidates = new Map<number, Candidate>();
  #started = false;
  #over = false;
  #usage: unknown;

  push(frame: Frame): readonly ChatEvent[] {
    const { ascii } = frame;
    if (this.#over || ascii === '') return NOTHING;
    if (ascii.startsWith('[DONE]')) return this.#finish();
    const chunk = parse(frame);
    if (frame.event === 'error') return this.#fail(errorOfFrame(chunk));
    if (!isObject(chunk)) throw invalid('a chunk must be an object');
    const error = errorInside(chunk);
    return error === undefined ? this.#read(chunk) : this.#fail(error);
  }

  /** Some servers send no `[DONE]`: an answer that has its stop is at its end all the same. */
  end(): readonly ChatEvent[] {
    if (this.#over) return NOTHING;
    const candidates = [...this.#candidates.values()];
    if (candidates.length > 0 && candidates.every(({ stopped }) => stopped)) return this.#finish();
    this.#over = true;
    return this.#close();
  }

  #finish(): ChatEvent[] {
    this.#over = true;
    return [...this.#close(), { type: 'end' }];
  }

  #close(): ChatEvent[] {
    const open = [...this.#candidates].filter(([, candidate]) => candidate.open);
    return open.map(([candidate]) => ({ type: 'part-end', candidate, index: 0 }));
  }

  #fail({ status, message, type, code }: UpstreamError): ChatEvent[] {
    this.#over = true;
    const typed = type === undefined ? {} : { errorType: type };
    return [{ type: 'error', status, message, ...typed, ...(code === undefined ? {} : { code }) }];
  }

  #read(chunk: JsonObject): readonly ChatEvent[] {
    const events: ChatEvent[] = [];
    if (!this.#started) events.push(this.#start(chunk));
    const choices = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[]) : [];
    for (const choice of choices) {
      if (!isObject(choice)) throw invalid('a choice must be an object');
      this.#readChoice(choice, events);
    }
    const usage = sameJson(chunk['usage'], this.#usage) ? undefined : decodeUsage(chunk['usage']);
    if (usage === undefined) return events;
    this.#usage = chunk['usage'];
    events.push({ type: 'usage', usage });
    return events;
  }

  #start(chunk: JsonObject): StartEvent {
    this.#started = true;
    const rest = { dialect: COMPLETIONS, fields: unknownFields(chunk, CHUNK_FIELDS) };
    const start: Writable<StartEvent> = {
      type: 'start',
      id: textOf(chunk['id']) ?? '',
      model: textOf(chunk['model']) ?? '',
      rest,
    };
    if (typeof chunk['created'] === 'number') start.created = chunk['created'];
    return start;
  }

  #readChoice(choice: JsonObject, events: ChatEvent[]): void {
    const index = indexOf(choice);
    const candidate = this.#candidates.get(index) ?? { open: false, stopped: false };
    this.#candidates.set(index, candidate);
    const { text } = choice;
    if (text !== undefined && text !== null && typeof text !== 'string') throw invalid('text must be a string');
    const rest = restOfChoice(choice);
    if (textOf(text) !== undefined || rest !== undefined) {
      if (!candidate.open) {
        candidate.open = true;
        events.push({ type: 'part-start', candidate: index, index: 0, part: { type: 'text', text: '' } });
      }
      const delta = { kind: 'text' as const, text: textOf(text) ?? '' };
      const withRest = rest === undefined ? {} : { rest };
      events.push({ type: 'part-delta', candidate: index, index: 0, delta, ...withRest });
    }
    const stop = candidate.stopped ? undefined : decodeStop(choice, false);
    if (stop === undefined) return;
    if (candidate.open) events.push({ type: 'part-end', candidate: index, index: 0 });
    Object.assign(candidate, { open: false, stopped: true });
    events.push({ type: 'stop', candidate: index, stop });
  }
}

/** An error need not be JSON; a chunk must be. */
function parse(frame: Frame): unknown {
  try {
    return frame.json();
  } catch (cause) {
    if (frame.event === 'error') return frame.text();
    throw invalid(`its JSON is broken: ${(cause as Error).message}`);
  }
}

function invalid(problem: string): GatewayError {
  return new GatewayError('GW_UPSTREAM_INVALID', `The stream is not one of completion chunks: ${problem}.`);
}
