/** Turns the frames of a streamed chat completion into neutral events. */
import {
  GatewayError,
  type ChatEvent,
  type EventDecoder,
  type JsonObject,
  type StartEvent,
  type UpstreamError,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { DIALECT } from './dialect-id.ts';
import { isObject, isVoid, own, sameJson, textOf, type Writable } from './json-value.ts';
import { setAside, unknownFields } from './rest.ts';
import { CandidateDecoder } from './stream-candidate.ts';
import { errorInside, errorOfChoice, errorOfFrame } from './upstream-error.ts';
import { decodeUsage } from './usage.ts';

const NOTHING: readonly ChatEvent[] = [];
/** `obfuscation` only hides how long a chunk is. */
const CHUNK_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'service_tier',
  'obfuscation',
]);

export class ChatDecoder implements EventDecoder<ChatEvent> {
  readonly #candidates = new Map<number, CandidateDecoder>();
  #started = false;
  #over = false;
  #id = '';
  /** What chunks have said besides their choices, as it was last told. */
  readonly #told: JsonObject = {};
  #usage: unknown;

  push(frame: Frame): readonly ChatEvent[] {
    const { ascii } = frame;
    if (this.#over || ascii === '') return NOTHING;
    if (ascii.startsWith('[DONE]')) return this.#finish();
    const chunk = parse(frame);
    if (frame.event === 'error') return this.#fail(errorOfFrame(chunk));
    if (!isObject(chunk)) throw invalid('a chunk must be an object');
    const error = errorInside(chunk);
    return error === undefined ? this.#read(chunk, frame.event) : this.#fail(error);
  }

  /** Some servers send no `[DONE]`: an answer that has its stop is at its end all the same. */
  end(): readonly ChatEvent[] {
    if (this.#over) return NOTHING;
    const candidates = [...this.#candidates.values()];
    if (candidates.length > 0 && candidates.every((candidate) => candidate.stopped)) return this.#finish();
    this.#over = true;
    return candidates.flatMap((candidate) => candidate.close());
  }

  #finish(): ChatEvent[] {
    this.#over = true;
    const events = [...this.#candidates.values()].flatMap((candidate) => candidate.close());
    events.push({ type: 'end' });
    return events;
  }

  #fail(error: UpstreamError): ChatEvent[] {
    this.#over = true;
    const { status, message, type, code } = error;
    const typed = type === undefined ? {} : { errorType: type };
    return [{ type: 'error', status, message, ...typed, ...(code === undefined ? {} : { code }) }];
  }

  #read(chunk: JsonObject, name: string): readonly ChatEvent[] {
    const choices = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[]) : [];
    const usage = usageBlock(chunk);
    if (choices.length === 0 && usage === undefined) return this.#readBare(chunk, name);
    const events: ChatEvent[] = [];
    if (!this.#started) events.push(this.#start(chunk));
    let extras = this.#news(chunk);
    for (const choice of choices) {
      if (!isObject(choice)) throw invalid('a choice must be an object');
      const error = errorOfChoice(choice);
      if (error !== undefined) return [...events, ...this.#fail(error)];
      events.push(...this.#candidate(choice).read(choice, extras));
      extras = {};
    }
    if (!isVoid(extras)) events.push({ type: 'opaque', dialect: DIALECT, value: { choices: [], ...extras } });
    if (usage !== undefined && !sameJson(usage, this.#usage)) this.#tellUsage(usage, events);
    return events;
  }

  /** A chunk with neither choices nor usage: Azure begins with one that has what its filter said of the prompt. */
  #readBare(chunk: JsonObject, name: string): readonly ChatEvent[] {
    if (this.#started && Array.isArray(chunk['choices']) && isVoid(this.#news(chunk))) return NOTHING;
    return [{ type: 'opaque', dialect: DIALECT, value: chunk, ...(name === '' ? {} : { event: name }) }];
  }

  #start(chunk: JsonObject): StartEvent {
    this.#started = true;
    this.#id = textOf(chunk['id']) ?? '';
    const start: Writable<StartEvent> = { type: 'start', id: this.#id, model: textOf(chunk['model']) ?? '' };
    if (typeof chunk['created'] === 'number') start.created = chunk['created'];
    const tier = textOf(chunk['service_tier']);
    if (tier !== undefined) start.serviceTier = tier;
    start.rest = { dialect: DIALECT, fields: setAside(this.#news(chunk)) };
    return start;
  }

  /** What a chunk says besides its choices and was not said before. */
  #news(chunk: JsonObject): JsonObject {
    const news: JsonObject = {};
    const unknown = unknownFields(chunk, CHUNK_FIELDS);
    for (const key of Object.keys(unknown)) {
      if (isVoid(unknown[key]) || sameJson(own(this.#told, key), unknown[key])) continue;
      news[key] = unknown[key];
      this.#told[key] = unknown[key];
    }
    return news;
  }

  #candidate(choice: JsonObject): CandidateDecoder {
    const index = Number.isInteger(choice['index']) ? (choice['index'] as number) : 0;
    let candidate = this.#candidates.get(index);
    if (candidate === undefined) {
      const prefix = `call_${this.#id === '' ? index : `${this.#id}_${index}`}`;
      candidate = new CandidateDecoder(index, (call) => `${prefix}_${call}`);
      this.#candidates.set(index, candidate);
    }
    return candidate;
  }

  #tellUsage(block: unknown, events: ChatEvent[]): void {
    this.#usage = block;
    const usage = decodeUsage(block);
    if (usage !== undefined) events.push({ type: 'usage', usage });
  }
}

/** The usage of a chunk. Groq had it in a member of its own before it had the API's. */
export function usageBlock(chunk: JsonObject): JsonObject | undefined {
  if (isObject(chunk['usage'])) return chunk['usage'];
  const own = chunk['x_groq'];
  return isObject(own) && isObject(own['usage']) ? own['usage'] : undefined;
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
  return new GatewayError('GW_UPSTREAM_INVALID', `The stream is not one of chat completion chunks: ${problem}.`);
}
