/** Puts the tool calls of one candidate together from the deltas of a stream. */
import type { ChatEvent, JsonObject, OpaquePart, Part, ToolCallPart } from '@gatewright/core';
import { DIALECT } from './dialect-id.ts';
import { isObject, textOf, type Writable } from './json-value.ts';
import { restOf, unknownFields } from './rest.ts';
import { LEGACY, opaqueCall } from './tool-calls.ts';

/** The note of a delta that holds what it adds to the input of a custom call. */
export const ADDED_INPUT = '$input';

const CALL_FIELDS: ReadonlySet<string> = new Set(['index', 'id', 'type', 'function', 'custom']);

interface OpenCall {
  /** The `index` that the server counts by; undefined where it sends none. */
  readonly slot: number | undefined;
  id: string;
  /** What a call of a type of its own looked like at first. */
  readonly custom: JsonObject | undefined;
  name: string;
  /** All that has come of the arguments, or of a custom call's input. */
  text: string;
  /** The part's index; undefined until the name is known. */
  part: number | undefined;
}

/** Where the events of calls go: the candidate knows the part indexes. */
export interface CallSink {
  /** Begins a part and answers with its index. */
  begin(part: Part): number;
  emit(event: ChatEvent): void;
  end(index: number): void;
}

export class CallDecoder {
  readonly #sink: CallSink;
  readonly #candidate: number;
  readonly #newId: (call: number) => string;
  readonly #calls: OpenCall[] = [];
  #legacy: OpenCall | undefined;

  constructor(candidate: number, sink: CallSink, newId: (call: number) => string) {
    this.#candidate = candidate;
    this.#sink = sink;
    this.#newId = newId;
  }

  /** Whether a call has begun. */
  get any(): boolean {
    return this.#calls.length > 0 || this.#legacy !== undefined;
  }

  /** Reads one member of `tool_calls`. */
  read(delta: JsonObject): void {
    const call = this.#find(delta);
    if (call.custom !== undefined) this.#readCustom(call, delta);
    else this.#readFunction(call, isObject(delta['function']) ? delta['function'] : {}, delta);
  }

  /** Reads a `function_call`: one call without an id. */
  readLegacy(delta: JsonObject): void {
    this.#legacy ??= { slot: undefined, id: this.#newId(0), custom: undefined, name: '', text: '', part: undefined };
    this.#readFunction(this.#legacy, delta, undefined);
  }

  /** Ends all calls. One whose name never came is told without a name, one of which nothing came is not told. */
  close(): void {
    const calls = this.#legacy === undefined ? this.#calls : [this.#legacy, ...this.#calls];
    for (const call of calls) {
      if (call.part === undefined && call.text !== '') this.#begin(call, undefined);
      if (call.part !== undefined) this.#sink.end(call.part);
    }
    this.#calls.length = 0;
    this.#legacy = undefined;
  }

  /**
   * The call that a delta belongs to. Servers differ: most count with `index`; some send none, and then an id, or the
   * lack of one, decides; some give several calls the same index, told apart by a new id that comes with a name; some
   * make up a new id for every delta, which then has no name.
   */
  #find(delta: JsonObject): OpenCall {
    const slot = Number.isInteger(delta['index']) ? (delta['index'] as number) : undefined;
    const id = textOf(delta['id']);
    const inner = delta['function'] ?? delta['custom'];
    const name = isObject(inner) ? textOf(inner['name']) : undefined;
    const last =
      slot === undefined && id === undefined
        ? this.#calls.at(-1)
        : this.#calls.findLast((call) => (slot === undefined ? call.id === id : call.slot === slot));
    if (last !== undefined && !begins(last, id, name)) return last;
    const custom = textOf(delta['type']) ?? 'function';
    const call: OpenCall = {
      slot,
      id: id ?? this.#newId(this.#calls.length),
      custom: custom === 'function' ? undefined : delta,
      name: '',
      text: '',
      part: undefined,
    };
    this.#calls.push(call);
    return call;
  }

  #readFunction(call: OpenCall, inner: JsonObject, delta: JsonObject | undefined): void {
    if (call.name === '') call.name = textOf(inner['name']) ?? '';
    const added = textual(inner['arguments']);
    call.text += added;
    if (call.part === undefined) {
      if (call.name !== '') this.#begin(call, delta);
    } else if (added !== '') this.#add(call.part, added);
  }

  #begin(call: OpenCall, delta: JsonObject | undefined): void {
    const part: Writable<ToolCallPart> = { type: 'tool-call', id: call.id, name: call.name, arguments: '' };
    const fields = delta === undefined ? {} : unknownFields(delta, CALL_FIELDS);
    if (call === this.#legacy) fields[LEGACY] = true;
    const rest = restOf(fields);
    if (rest !== undefined) part.rest = rest;
    call.part = this.#sink.begin(part);
    if (call.text !== '') this.#add(call.part, call.text);
  }

  #add(index: number, text: string): void {
    this.#sink.emit({ type: 'part-delta', candidate: this.#candidate, index, delta: { kind: 'arguments', text } });
  }

  /** A call of a type that only this dialect has. Its deltas carry the whole input so far: opaque values are merged, not added up. */
  #readCustom(call: OpenCall, delta: JsonObject): void {
    const inner = isObject(delta['custom']) ? delta['custom'] : {};
    const added = textual(inner['input']);
    call.text += added;
    if (call.part === undefined) {
      const { index: _index, ...value } = delta;
      const part: OpaquePart = opaqueCall({ ...value, id: call.id });
      call.part = this.#sink.begin(part);
      return;
    }
    if (added === '') return;
    const custom = { ...(call.custom?.['custom'] as JsonObject | undefined), input: call.text };
    this.#sink.emit({
      type: 'part-delta',
      candidate: this.#candidate,
      index: call.part,
      delta: { kind: 'opaque', dialect: DIALECT, value: { custom } },
      rest: { dialect: DIALECT, fields: { [ADDED_INPUT]: added } },
    });
  }
}

/** Whether a delta that looks like more of a call begins another. */
function begins(call: OpenCall, id: string | undefined, name: string | undefined): boolean {
  if (name === undefined) return false;
  if (id !== undefined) return id !== call.id;
  // Without an id a name begins a call, unless the one before still waits for its name.
  return call.slot === undefined && call.name !== '';
}

/** Arguments are text; some servers send them as an object, all at once. */
function textual(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? JSON.stringify(value) : '';
}
