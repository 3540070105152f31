/** A block of a stream that has begun and not ended, as it is read. */
import type { JsonObject, Part } from '@gatewright/core';
import { parseArguments } from './block-writer.ts';
import { decodePart } from './block-reader.ts';
import { decodeDelta, opaqueDelta, type DecodedDelta } from './deltas.ts';
import type { Reading } from './reading.ts';

/** Reads the deltas of one block, and knows what they still owe when it ends. */
export class OpenBlock {
  /** The part as it begins. */
  readonly part: Part;
  /** The input that the block began with, as JSON; mostly `{}`, since the true one comes in deltas. */
  readonly #input: string;
  #json = '';
  #content = '';

  constructor(block: unknown, at: Reading) {
    const part = decodePart(block, at);
    this.#input = part.type === 'tool-call' ? part.arguments : '';
    this.part = part.type === 'tool-call' ? { ...part, arguments: '' } : part;
  }

  delta(delta: JsonObject, at: Reading): DecodedDelta {
    if (this.part.type !== 'opaque') {
      const decoded = decodeDelta(delta, at);
      if (decoded?.delta.kind === 'arguments') this.#json += decoded.delta.text;
      return decoded ?? opaqueDelta({}, delta);
    }
    const { type, partial_json: json, content } = delta;
    if (type === 'input_json_delta' && typeof json === 'string') this.#json += json;
    if (type !== 'compaction_delta' || typeof content !== 'string') return opaqueDelta({}, delta);
    this.#content += content;
    const encrypted = delta['encrypted_content'];
    const value = { content: this.#content };
    return opaqueDelta(encrypted === undefined ? value : { ...value, encrypted_content: encrypted }, delta);
  }

  /** What the deltas did not say: the input of a call without any, and the whole input of a server's tool. */
  end(): DecodedDelta | undefined {
    if (this.part.type === 'tool-call') {
      return this.#json === '' ? { delta: { kind: 'arguments', text: this.#input } } : undefined;
    }
    if (this.part.type !== 'opaque' || this.#json === '') return undefined;
    const input = parseArguments(this.#json);
    return input === undefined ? undefined : opaqueDelta({ input }, null);
  }
}
