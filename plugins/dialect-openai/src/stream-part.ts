/** Writes one part of a streamed answer: what its beginning and its deltas put into the `delta` of a choice. */
import type { Delta, EncodeContext, JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { citationOf } from './assistant.ts';
import { IN_CONTENT } from './content-encode.ts';
import { DIALECT } from './dialect-id.ts';
import { reasoningKeys, warnOfSignature } from './reasoning.ts';
import { addOwnFields, ownFields } from './rest.ts';
import { ADDED_INPUT } from './stream-calls.ts';
import { isLegacyCall, isOpaqueCall } from './tool-calls.ts';

/** What a delta writes; undefined where there is nothing to write. */
type Written = JsonObject | undefined;

/** One part while it is open. */
export class PartWriter {
  readonly #part: Part;
  readonly #context: EncodeContext;
  /** The position among the calls of its candidate. */
  readonly #slot: number;
  /** A call whose arguments have not begun. */
  #bare: boolean;

  constructor(part: Part, slot: number, context: EncodeContext) {
    this.#part = part;
    this.#slot = slot;
    this.#context = context;
    this.#bare = part.type === 'tool-call' && part.arguments === '';
  }

  /** What the part has from its beginning. */
  open(path: string): Written {
    const part = this.#part;
    switch (part.type) {
      case 'text':
        return part.text === '' ? undefined : { content: part.text };
      case 'refusal':
        return part.text === '' ? undefined : { refusal: part.text };
      case 'reasoning':
        if (part.redacted !== undefined) warnOfSignature(this.#context);
        return part.text === '' ? undefined : this.#reasoning(part.text);
      case 'tool-call':
        return this.#openCall(part.name, part.arguments, part.id);
      case 'audio':
        return this.#openAudio();
      case 'opaque':
        return this.#openOpaque(path);
      default:
        this.#context.unsupported(path, `a streamed answer cannot have a part of the type ${part.type}`);
        return undefined;
    }
  }

  /** What an event adds to the part. */
  add({ delta, rest }: PartDeltaEvent): Written {
    switch (delta.kind) {
      case 'text':
        return { content: delta.text };
      case 'refusal':
        return { refusal: delta.text };
      case 'reasoning':
        return this.#reasoning(delta.text);
      case 'signature':
        if (delta.signature !== '') warnOfSignature(this.#context);
        return undefined;
      case 'arguments':
        return this.#addArguments(delta.text);
      case 'citation':
        return this.#citation(delta);
      case 'audio':
        return this.#audio(delta);
      case 'opaque': {
        const input = ownFields(rest)[ADDED_INPUT];
        return input === undefined ? undefined : { tool_calls: [{ index: this.#slot, custom: { input } }] };
      }
    }
  }

  /** What is still due: clients parse the arguments of a call, so that there must be some. */
  close(): Written {
    return this.#bare ? this.#addArguments('{}') : undefined;
  }

  #reasoning(text: string): JsonObject {
    if (ownFields(this.#part.rest)[IN_CONTENT] === true) {
      return { content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] };
    }
    const written: JsonObject = {};
    for (const key of reasoningKeys(this.#part)) written[key] = text;
    return written;
  }

  #openCall(name: string, text: string, id: string): JsonObject {
    if (isLegacyCall(this.#part)) return { function_call: { name, arguments: text } };
    const call: JsonObject = { index: this.#slot, id, type: 'function', function: { name, arguments: text } };
    addOwnFields(call, this.#part.rest);
    return { tool_calls: [call] };
  }

  #addArguments(text: string): JsonObject {
    this.#bare = false;
    if (isLegacyCall(this.#part)) return { function_call: { arguments: text } };
    return { tool_calls: [{ index: this.#slot, function: { arguments: text } }] };
  }

  #openAudio(): Written {
    const part = this.#part;
    if (part.type !== 'audio') return undefined;
    const audio: JsonObject = {};
    addOwnFields(audio, part.rest);
    if (part.transcript !== undefined) audio['transcript'] = part.transcript;
    if (part.source.kind === 'base64' && part.source.data !== '') audio['data'] = part.source.data;
    return Object.keys(audio).length === 0 ? undefined : { audio };
  }

  #audio(delta: Extract<Delta, { kind: 'audio' }>): JsonObject {
    const audio: JsonObject = {};
    if (delta.data !== undefined) audio['data'] = delta.data;
    if (delta.transcript !== undefined) audio['transcript'] = delta.transcript;
    addOwnFields(audio, delta.rest);
    return { audio };
  }

  #openOpaque(path: string): Written {
    const part = this.#part;
    if (part.type !== 'opaque') return undefined;
    const { dialect, value } = part;
    if (isOpaqueCall(part)) return { tool_calls: [{ index: this.#slot, ...value }] };
    if (dialect === DIALECT) return { content: [value] };
    this.#context.warn(path, `only ${dialect} has parts of the type ${JSON.stringify(value['type'] ?? 'unknown')}`);
    return undefined;
  }

  #citation(delta: Extract<Delta, { kind: 'citation' }>): Written {
    const annotation = citationOf(delta.dialect, delta.item);
    if (annotation !== undefined) return { annotations: [annotation] };
    this.#context.warn('citations', `citations in the form of ${delta.dialect} are left out`);
    return undefined;
  }
}
