/** Reads the choices of one candidate in a stream, and keeps track of its parts. */
import type { ChatEvent, Delta, JsonObject, Logprobs, Part, PartDeltaEvent } from '@gatewright/core';
import { thinkingText } from './content-decode.ts';
import { IN_CONTENT } from './content-encode.ts';
import { DIALECT } from './dialect-id.ts';
import { isObject, isVoid, textOf, type Writable } from './json-value.ts';
import { findReasoning, REASONING_KEYS, reasoningPart } from './reasoning.ts';
import { decodeLogprobs } from './response-decode.ts';
import { restOf, unknownFields } from './rest.ts';
import { decodeStop } from './stop.ts';
import { CallDecoder } from './stream-calls.ts';

/** Notes of a delta event: what else its chunk, its choice and its delta said. */
export const CHUNK_NOTE = '$chunk';
export const CHOICE_NOTE = '$choice';
export const DELTA_NOTE = '$delta';

const CHOICE_FIELDS: ReadonlySet<string> = new Set(['index', 'delta', 'message', 'finish_reason', 'logprobs', 'error']);
const DELTA_FIELDS: ReadonlySet<string> = new Set([
  'role',
  'index',
  'content',
  'refusal',
  'audio',
  'annotations',
  'function_call',
  'tool_calls',
  ...REASONING_KEYS,
]);
const AUDIO_FIELDS: ReadonlySet<string> = new Set(['data', 'transcript']);
/** The format of streamed sound (https://platform.openai.com/docs/guides/audio: streams are PCM only). */
const STREAMED_SOUND = 'audio/pcm';

/** The part that text, reasoning or the like is being added to. Calls are not among them: they overlap. */
interface Current {
  readonly kind: string;
  readonly index: number;
}

export class CandidateDecoder {
  readonly #index: number;
  readonly #calls: CallDecoder;
  #events: ChatEvent[] = [];
  #next = 0;
  #current: Current | undefined;
  #hadCalls = false;
  stopped = false;

  constructor(index: number, newId: (call: number) => string) {
    this.#index = index;
    const sink = {
      begin: (part: Part) => this.#begin(part),
      emit: (event: ChatEvent) => this.#events.push(event),
      end: (at: number) => this.#emitEnd(at),
    };
    this.#calls = new CallDecoder(index, sink, newId);
  }

  /** The events of a choice. `extras` is what its chunk said besides, for the first event that can carry it. */
  read(choice: JsonObject, extras: JsonObject): ChatEvent[] {
    this.#events = [];
    const delta = isObject(choice['delta']) ? choice['delta'] : {};
    this.#readDelta(delta);
    const logprobs = decodeLogprobs(choice['logprobs']);
    if (logprobs !== undefined && hasAny(logprobs)) this.#attachLogprobs(logprobs);
    this.#attachNotes(choice, delta, extras);
    this.#readStop(choice);
    return this.#events;
  }

  /** Ends the parts that are open. */
  close(): ChatEvent[] {
    this.#events = [];
    this.#closeParts();
    return this.#events;
  }

  #readDelta(delta: JsonObject): void {
    const found = findReasoning(delta);
    if (found !== undefined && found.text !== '') {
      this.#continue(`reasoning ${found.keys.join()}`, () => reasoningPart({ ...found, text: '', details: undefined }));
      this.#add({ kind: 'reasoning', text: found.text });
    }
    this.#readContent(delta['content']);
    const refusal = textOf(delta['refusal']);
    if (refusal !== undefined) {
      this.#continue('refusal', () => ({ type: 'refusal', text: '' }));
      this.#add({ kind: 'refusal', text: refusal });
    }
    if (isObject(delta['audio'])) this.#readAudio(delta['audio']);
    this.#readAnnotations(delta['annotations']);
    const { function_call: functionCall, tool_calls: calls } = delta;
    if (isObject(functionCall)) this.#readCall(() => this.#calls.readLegacy(functionCall));
    if (!Array.isArray(calls)) return;
    for (const call of calls as unknown[]) if (isObject(call)) this.#readCall(() => this.#calls.read(call));
  }

  /** Content is text, or parts: the reasoning of some models comes in parts. */
  #readContent(content: unknown): void {
    if (typeof content === 'string') this.#addText(content);
    if (!Array.isArray(content)) return;
    for (const item of content as unknown[]) {
      if (!isObject(item)) continue;
      if (item['type'] === 'text') this.#addText(item['text']);
      else if (item['type'] === 'thinking') this.#addThinking(thinkingText(item['thinking']));
      else this.#addOpaque(item);
    }
  }

  #addText(text: unknown): void {
    if (typeof text !== 'string' || text === '') return;
    this.#continue('text', () => ({ type: 'text', text: '' }));
    this.#add({ kind: 'text', text });
  }

  #addThinking(text: string): void {
    if (text === '') return;
    const rest = { dialect: DIALECT, fields: { [IN_CONTENT]: true } };
    this.#continue('thinking', () => ({ type: 'reasoning', text: '', origin: DIALECT, rest }));
    this.#add({ kind: 'reasoning', text });
  }

  #addOpaque(value: JsonObject): void {
    this.#closeCurrent();
    this.#emitEnd(this.#begin({ type: 'opaque', dialect: DIALECT, value }));
  }

  #readAudio(audio: JsonObject): void {
    const rest = restOf(unknownFields(audio, AUDIO_FIELDS));
    const withRest = rest === undefined ? {} : { rest };
    const source = { kind: 'base64' as const, mediaType: STREAMED_SOUND, data: '' };
    const begun = this.#continue('audio', () => ({ type: 'audio', source, ...withRest }));
    const data = textOf(audio['data']);
    const transcript = textOf(audio['transcript']);
    const delta: Writable<Extract<Delta, { kind: 'audio' }>> = { kind: 'audio', ...(begun ? {} : withRest) };
    if (data !== undefined) delta.data = data;
    if (transcript !== undefined) delta.transcript = transcript;
    if (Object.keys(delta).length > 1) this.#add(delta);
  }

  #readAnnotations(annotations: unknown): void {
    if (!Array.isArray(annotations) || annotations.length === 0) return;
    this.#continue('text', () => ({ type: 'text', text: '' }));
    for (const item of annotations as unknown[]) this.#add({ kind: 'citation', dialect: DIALECT, item });
  }

  #readCall(read: () => void): void {
    this.#closeCurrent();
    this.#hadCalls = true;
    read();
  }

  #readStop(choice: JsonObject): void {
    const stop = this.stopped ? undefined : decodeStop(choice, this.#hadCalls);
    if (stop === undefined) return;
    this.stopped = true;
    this.#closeParts();
    this.#events.push({ type: 'stop', candidate: this.#index, stop });
  }

  /** Goes on with the current part where it is of the same kind, else begins another. Answers whether it did. */
  #continue(kind: string, part: () => Part): boolean {
    if (this.#current?.kind === kind) return false;
    this.#closeCurrent();
    this.#current = { kind, index: this.#begin(part()) };
    return true;
  }

  #begin(part: Part): number {
    const index = this.#next++;
    this.#events.push({ type: 'part-start', candidate: this.#index, index, part });
    return index;
  }

  #add(delta: Delta): void {
    if (this.#current === undefined) return;
    this.#events.push({ type: 'part-delta', candidate: this.#index, index: this.#current.index, delta });
  }

  #closeCurrent(): void {
    if (this.#current !== undefined) this.#emitEnd(this.#current.index);
    this.#current = undefined;
  }

  #closeParts(): void {
    this.#closeCurrent();
    this.#calls.close();
  }

  #emitEnd(index: number): void {
    this.#events.push({ type: 'part-end', candidate: this.#index, index });
  }

  /** Log probabilities go with the first delta; where the chunk has none, with a text that adds nothing. */
  #attachLogprobs(logprobs: Logprobs): void {
    if (!this.#events.some((event) => event.type === 'part-delta')) {
      this.#continue('text', () => ({ type: 'text', text: '' }));
      this.#add({ kind: 'text', text: '' });
    }
    this.#change((event) => ({ ...event, logprobs }));
  }

  /** What else was said goes with the first delta, or into an event of its own: a chunk without anything else. */
  #attachNotes(choice: JsonObject, delta: JsonObject, extras: JsonObject): void {
    const ofChoice = telling(unknownFields(choice, CHOICE_FIELDS));
    const ofDelta = telling(unknownFields(delta, DELTA_FIELDS));
    if (isVoid(ofChoice) && isVoid(ofDelta) && isVoid(extras)) return;
    const fields: JsonObject = {};
    if (!isVoid(extras)) fields[CHUNK_NOTE] = extras;
    if (!isVoid(ofChoice)) fields[CHOICE_NOTE] = ofChoice;
    if (!isVoid(ofDelta)) fields[DELTA_NOTE] = ofDelta;
    if (this.#change((event) => ({ ...event, rest: { dialect: DIALECT, fields } }))) return;
    const bare = { index: this.#index, delta: ofDelta, finish_reason: null, ...ofChoice };
    this.#events.push({ type: 'opaque', dialect: DIALECT, value: { choices: [bare], ...extras } });
  }

  /** Changes the first delta event that has no rest yet. Answers whether there is one. */
  #change(change: (event: PartDeltaEvent) => PartDeltaEvent): boolean {
    const at = this.#events.findIndex((event) => event.type === 'part-delta' && event.rest === undefined);
    if (at < 0) return false;
    this.#events[at] = change(this.#events[at] as PartDeltaEvent);
    return true;
  }
}

function hasAny(logprobs: Logprobs): boolean {
  return (logprobs.content ?? []).length > 0 || (logprobs.refusal ?? []).length > 0;
}

/** The fields that say something: an empty object is a filter that found nothing. */
function telling(fields: JsonObject): JsonObject {
  for (const key of Object.keys(fields)) if (isVoid(fields[key])) delete fields[key];
  return fields;
}
