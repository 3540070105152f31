/** Reads just enough of a passing stream of chunks to know its content, usage, errors and end. */
import { Sight, type JsonObject, type ObserverOptions, type StreamObserver, type Summary } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { hasCalls, hasContent } from './chunk-content.ts';
import { ChunkSurgery } from './chunk-surgery.ts';
import { ChunkTemplate } from './chunk-template.ts';
import { isObject, textOf, type Writable } from './json-value.ts';
import { decodeStop } from './stop.ts';
import { usageBlock } from './stream-decoder.ts';
import { errorInside, errorOfChoice, errorOfFrame } from './upstream-error.ts';
import { decodeUsage } from './usage.ts';

/** How many forms of chunks are known at a time: several candidates take turns. */
const MAX_TEMPLATES = 4;
/** After this many forms each must have been met twice on average; else learning them costs more than it saves. */
const TRIAL = 16;

export class ChatObserver implements StreamObserver {
  readonly summary: Writable<Summary> = {};
  readonly #dropUsage: boolean;
  readonly #surgery: ChunkSurgery;
  readonly #templates: ChunkTemplate[] = [];
  #learned = 0;
  #met = 0;
  #begun = false;
  readonly #candidates = new Set<number>();
  readonly #stopped = new Set<number>();
  /** Candidates that call tools. */
  readonly #calling = new Set<number>();

  constructor(options: ObserverOptions) {
    this.#dropUsage = options.dropUsage;
    this.#surgery = new ChunkSurgery(options);
  }

  see(frame: Frame): number {
    const { ascii } = frame;
    for (const template of this.#templates) {
      if (template.passes || template.match(ascii, 0) !== ascii.length) continue;
      this.#met++;
      if (!template.changes) return Sight.NOTHING;
      frame.replacement = template.replace(frame.text());
      return Sight.REPLACE;
    }
    if (ascii === '') return Sight.NOTHING;
    if (ascii.startsWith('[DONE]')) return Sight.END;
    return this.#read(frame);
  }

  passes(ascii: string, at: number): number {
    for (const template of this.#templates) {
      if (!template.passes) continue;
      const end = template.match(ascii, at);
      if (end < 0) continue;
      this.#met++;
      return end;
    }
    return -1;
  }

  #read(frame: Frame): number {
    const chunk = readChunk(frame);
    if (frame.event === 'error') {
      this.summary.error = errorOfFrame(chunk);
      return Sight.ERROR;
    }
    if (!isObject(chunk)) return Sight.MALFORMED;
    const error = errorInside(chunk);
    if (error !== undefined) {
      this.summary.error = error;
      return Sight.ERROR;
    }
    this.#readHead(chunk);
    const choices = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[]) : [];
    let sight: number = Sight.NOTHING;
    for (const choice of choices) sight |= isObject(choice) ? this.#readChoice(choice) : Sight.MALFORMED;
    if (sight & (Sight.ERROR | Sight.MALFORMED)) return sight;
    const block = usageBlock(chunk);
    const usage = decodeUsage(block);
    if (usage !== undefined) this.summary.usage = usage;
    if (this.#dropUsage && choices.length === 0 && isObject(chunk['usage'])) return sight | Sight.DROP;
    if (choices.length === 1 && usage === undefined && !(sight & Sight.STOP)) this.#learn(frame, choices[0]);
    return sight | this.#surgery.operate(frame);
  }

  /** Azure's first chunk has empty names: the first that say something count. */
  #readHead(chunk: JsonObject): void {
    const { summary } = this;
    if (summary.id === undefined) {
      const id = textOf(chunk['id']);
      if (id !== undefined) summary.id = id;
    }
    if (summary.model === undefined) {
      const model = textOf(chunk['model']);
      if (model !== undefined) summary.model = model;
    }
  }

  #readChoice(choice: JsonObject): number {
    const error = errorOfChoice(choice);
    if (error !== undefined) {
      this.summary.error = error;
      return Sight.ERROR;
    }
    const index = Number.isInteger(choice['index']) ? (choice['index'] as number) : 0;
    this.#candidates.add(index);
    const delta = isObject(choice['delta']) ? choice['delta'] : {};
    if (hasCalls(delta)) this.#calling.add(index);
    let sight: number = Sight.NOTHING;
    if (!this.#begun && hasContent(delta)) {
      this.#begun = true;
      sight |= Sight.CONTENT;
    }
    const stop = this.#stopped.has(index) ? undefined : decodeStop(choice, this.#calling.has(index));
    if (stop === undefined) return sight;
    this.#stopped.add(index);
    if (index === 0 || this.summary.stop === undefined) this.summary.stop = stop;
    return this.#stopped.size === this.#candidates.size ? sight | Sight.STOP : sight;
  }

  #learn(frame: Frame, choice: unknown): void {
    if (!this.#begun || !isObject(choice) || (this.#learned >= TRIAL && this.#met < this.#learned * 2)) return;
    const template = ChunkTemplate.of(frame, choice, this.#surgery);
    if (template === undefined) return;
    this.#learned++;
    // The newest comes first: a stream goes on as it has gone so far.
    this.#templates.unshift(template);
    if (this.#templates.length > MAX_TEMPLATES) this.#templates.pop();
  }
}

/** The data of a frame: an error need not be JSON; of a chunk that is none, undefined. */
export function readChunk(frame: Frame): unknown {
  try {
    return frame.json();
  } catch {
    return frame.event === 'error' ? frame.text() : undefined;
  }
}
