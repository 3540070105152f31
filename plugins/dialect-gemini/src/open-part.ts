/** A part of a stream that has begun and not ended, as it is written. */
import type { Delta, JsonObject, Part } from '@gatewright/core';
import { GENERATE } from './names.ts';
import { encodePart, foreignSignature, foreignThinking } from './part-writer.ts';
import { compact } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/**
 * Text and thinking go out as they come. Calls go out when they are complete: this dialect has their arguments as an
 * object. So does text that carries more than text, to keep both in one part.
 */
export class OpenPart {
  readonly #at: Writing;
  readonly #streams: boolean;
  /** The part so far, where it has to be complete. */
  #part: Part;

  constructor(part: Part, at: Writing) {
    this.#at = at;
    this.#part = part;
    const isRun = part.type === 'text' || part.type === 'refusal' || part.type === 'reasoning';
    this.#streams = isRun && part.rest?.dialect !== GENERATE;
  }

  /** Whether its text goes out as it comes, and is no thinking. */
  get runs(): boolean {
    return this.#streams && this.#part.type !== 'reasoning';
  }

  /** What is to be written when the part begins. */
  start(): JsonObject | undefined {
    if (!this.#streams) return undefined;
    this.#at.refuse(this.#part.rest);
    const part = this.#part as Extract<Part, { text: string }>;
    if (part.type === 'reasoning' && part.redacted !== undefined) this.#at.warn(foreignThinking(part.origin));
    return part.text === '' ? undefined : this.#run(part.text);
  }

  delta(delta: Delta): JsonObject | undefined {
    if (delta.kind === 'citation') {
      this.#at.at('citations').unsupported(`They are in the form of the dialect ${delta.dialect}.`);
      return undefined;
    }
    if (!this.#streams) {
      this.#part = extended(this.#part, delta);
      return undefined;
    }
    if (delta.kind === 'signature') return this.#signature(delta.signature);
    if (delta.kind !== 'text' && delta.kind !== 'reasoning' && delta.kind !== 'refusal') return undefined;
    return delta.text === '' ? undefined : this.#run(delta.text);
  }

  end(): JsonObject | undefined {
    return this.#streams ? undefined : encodePart(this.#part, this.#at, new Map());
  }

  #run(text: string): JsonObject {
    return compact({ text, thought: this.#part.type === 'reasoning' ? true : undefined });
  }

  /** A signature counts only where it was made. */
  #signature(thoughtSignature: string): JsonObject | undefined {
    const part = this.#part;
    if (part.type !== 'reasoning' || part.origin !== GENERATE) {
      if (part.type === 'reasoning') this.#at.warn(foreignSignature(part.origin));
      return undefined;
    }
    return { text: '', thought: true, thoughtSignature };
  }
}

function extended(part: Part, delta: Delta): Part {
  if (part.type === 'tool-call' && delta.kind === 'arguments')
    return { ...part, arguments: part.arguments + delta.text };
  if (part.type === 'text' && delta.kind === 'text') return { ...part, text: part.text + delta.text };
  if (part.type === 'refusal' && delta.kind === 'refusal') return { ...part, text: part.text + delta.text };
  if (part.type === 'reasoning' && delta.kind === 'reasoning') return { ...part, text: part.text + delta.text };
  if (part.type === 'reasoning' && delta.kind === 'signature') return { ...part, signature: delta.signature };
  if (part.type === 'opaque' && delta.kind === 'opaque') return { ...part, value: { ...part.value, ...delta.value } };
  if (part.type === 'audio' && delta.kind === 'audio' && part.source.kind === 'base64') {
    const transcript = (part.transcript ?? '') + (delta.transcript ?? '');
    const source = { ...part.source, data: part.source.data + (delta.data ?? '') };
    return { ...part, source, ...(transcript === '' ? {} : { transcript }) };
  }
  return part;
}
