/** Reads just enough of a passing stream of completion chunks to know its content, usage, errors and end. */
import { Sight, type JsonObject, type ObserverOptions, type StreamObserver, type Summary } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { ChunkSurgery } from '../chunk-surgery.ts';
import { readChunk } from '../observer.ts';
import { isObject, textOf, type Writable } from '../json-value.ts';
import { decodeStop } from '../stop.ts';
import { errorInside, errorOfFrame } from '../upstream-error.ts';
import { decodeUsage } from '../usage.ts';
import { indexOf } from './choice.ts';

export class CompletionObserver implements StreamObserver {
  readonly summary: Writable<Summary> = {};
  readonly #dropUsage: boolean;
  readonly #surgery: ChunkSurgery;
  readonly #candidates = new Set<number>();
  readonly #stopped = new Set<number>();

  constructor(options: ObserverOptions) {
    this.#dropUsage = options.dropUsage;
    this.#surgery = new ChunkSurgery(options);
  }

  see(frame: Frame): number {
    const { ascii } = frame;
    if (ascii === '') return Sight.NOTHING;
    if (ascii.startsWith('[DONE]')) return Sight.END;
    const chunk = readChunk(frame);
    const error = frame.event === 'error' ? errorOfFrame(chunk) : isObject(chunk) ? errorInside(chunk) : undefined;
    if (error !== undefined) {
      this.summary.error = error;
      return Sight.ERROR;
    }
    return isObject(chunk) ? this.#read(chunk, frame) : Sight.MALFORMED;
  }

  #read(chunk: JsonObject, frame: Frame): number {
    const { summary } = this;
    const [id, model] = [textOf(chunk['id']), textOf(chunk['model'])];
    if (id !== undefined) summary.id ??= id;
    if (model !== undefined) summary.model ??= model;
    const choices = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[]) : [];
    let sight: number = Sight.NOTHING;
    for (const choice of choices) sight |= isObject(choice) ? this.#readChoice(choice) : Sight.MALFORMED;
    if (sight & Sight.MALFORMED) return sight;
    const usage = decodeUsage(chunk['usage']);
    if (usage !== undefined) summary.usage = usage;
    if (this.#dropUsage && choices.length === 0 && usage !== undefined) return sight | Sight.DROP;
    return sight | this.#surgery.operate(frame);
  }

  #readChoice(choice: JsonObject): number {
    const index = indexOf(choice);
    this.#candidates.add(index);
    const sight = textOf(choice['text']) === undefined ? Sight.NOTHING : Sight.CONTENT;
    const stop = this.#stopped.has(index) ? undefined : decodeStop(choice, false);
    if (stop === undefined) return sight;
    this.#stopped.add(index);
    if (index === 0 || this.summary.stop === undefined) this.summary.stop = stop;
    return this.#stopped.size === this.#candidates.size ? sight | Sight.STOP : sight;
  }
}
