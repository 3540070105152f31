/** Reads the frames of a streamed answer into neutral events. Every frame is a small answer of its own. */
import { GatewayError, type ChatEvent, type EventDecoder, type JsonObject } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { AnswerIds, type CallIds } from './call-ids.ts';
import { CandidateDecoder } from './candidate-decoder.ts';
import { errorIn } from './error.ts';
import { GENERATE } from './names.ts';
import { isMissing, Reading } from './reading.ts';
import { decodeEnvelope } from './response.ts';
import { decodeBlock } from './stop.ts';
import { decodeUsage } from './usage.ts';

const at = Reading.reply();

/** Fields of a chunk that are read wherever they come; others are told once. */
const REPEATED: ReadonlySet<string> = new Set([
  'candidates',
  'usageMetadata',
  'modelVersion',
  'responseId',
  'createTime',
]);

export class StreamDecoder implements EventDecoder<ChatEvent> {
  readonly #candidates = new Map<number, CandidateDecoder>();
  readonly #told = new Set<string>();
  #ids: CallIds | undefined;

  push(frame: Frame): readonly ChatEvent[] {
    const chunk = parse(frame);
    if (chunk === undefined) return [];
    if (!isMissing(chunk['error'])) return [errorEvent(chunk)];
    const events: ChatEvent[] = [];
    this.#begin(chunk, events);
    const { candidates, promptFeedback } = chunk;
    const list = isMissing(candidates) ? [] : at.at('candidates').list(candidates);
    for (const [position, candidate] of list.entries()) this.#candidate(candidate, position, events);
    const block = list.length === 0 ? decodeBlock(promptFeedback) : undefined;
    if (block !== undefined) events.push({ type: 'stop', candidate: 0, stop: block });
    const usage = decodeUsage(chunk['usageMetadata']);
    if (usage !== undefined) events.push({ type: 'usage', usage });
    return events;
  }

  end(): readonly ChatEvent[] {
    return [...this.#candidates.values()].flatMap((candidate) => candidate.end());
  }

  #begin(chunk: JsonObject, events: ChatEvent[]): void {
    if (this.#ids === undefined) {
      const { usage: _, ...envelope } = decodeEnvelope(chunk, at);
      this.#ids = new AnswerIds(envelope.id);
      for (const key of Object.keys(chunk)) this.#told.add(key);
      events.push({ type: 'start', ...envelope });
      return;
    }
    for (const key of Object.keys(chunk)) {
      if (REPEATED.has(key) || this.#told.has(key)) continue;
      this.#told.add(key);
      if (key === 'promptFeedback' && decodeBlock(chunk[key]) !== undefined) continue;
      events.push({ type: 'opaque', dialect: GENERATE, value: { [key]: chunk[key] } });
    }
  }

  #candidate(value: unknown, position: number, events: ChatEvent[]): void {
    const place = at.at('candidates').at(position);
    const candidate = place.fields(value);
    const index = isMissing(candidate['index']) ? position : place.at('index').integer(candidate['index']);
    let decoder = this.#candidates.get(index);
    if (decoder === undefined) {
      decoder = new CandidateDecoder(index, this.#ids as CallIds);
      this.#candidates.set(index, decoder);
    }
    events.push(...decoder.push(candidate, place));
  }
}

/** The JSON of a frame; undefined where it is empty, or the end mark that some proxies add. */
function parse(frame: Frame): JsonObject | undefined {
  try {
    const value = frame.json();
    // Some errors come in a list of one.
    return at.fields(Array.isArray(value) ? (value as unknown[])[0] : value);
  } catch (cause) {
    const text = frame.ascii.trim();
    if (text === '' || text === '[DONE]') return undefined;
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new GatewayError('GW_UPSTREAM_INVALID', `The provider sent a chunk that is not JSON: ${cause.message}`, {
      cause,
    });
  }
}

function errorEvent(chunk: JsonObject): ChatEvent {
  const error = errorIn(chunk) ?? { status: 500, message: 'The provider reported an error without a message.' };
  return {
    type: 'error',
    status: error.status,
    message: error.message,
    ...(error.type === undefined ? {} : { errorType: error.type }),
    ...(error.code === undefined ? {} : { code: error.code }),
  };
}
