/** A block of a stream that has begun and not ended, as it is read. */
import type { ChatEvent, Delta, JsonObject, Part, PartDeltaEvent, Rest } from '@gatewright/core';
import { CONVERSE } from './names.ts';
import { wholeBlock } from './opaque-block.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { omit, withRest } from './rest.ts';

/** A delta that only this dialect knows: what the block has from now on, and the delta as it came; null for none. */
function opaqueDelta(value: JsonObject, wire: JsonObject | null): Pick<PartDeltaEvent, 'delta' | 'rest'> {
  return { delta: { kind: 'opaque', dialect: CONVERSE, value }, rest: { dialect: CONVERSE, fields: { $wire: wire } } };
}

/** Reads the start and the deltas of one block. Most blocks have no start: what they are follows from their first delta. */
export class OpenBlock {
  readonly #index: number;
  /** What the block began with; undefined where nothing said so. */
  readonly #start: JsonObject | undefined;
  #part: Part | undefined;
  #hasInput = false;
  /** What the deltas of a block that only this dialect knows amount to. */
  readonly #gathered: JsonObject[] = [];

  constructor(index: number, start?: JsonObject) {
    this.#index = index;
    this.#start = start;
  }

  /** The events of the start: none where it does not say what the block is. */
  begin(at: Reading): ChatEvent[] {
    const start = this.#start ?? {};
    const [[kind, inner] = ['', undefined]] = Object.entries(start);
    if (!isObject(inner) || kind === 'reasoningContent') return [];
    if (kind !== 'toolUse' || !isMissing(inner['type'])) {
      return this.#open({ type: 'opaque', dialect: CONVERSE, value: start }, false);
    }
    const place = at.at('start').at('toolUse');
    const part: Part = {
      type: 'tool-call',
      id: place.at('toolUseId').string(inner['toolUseId']),
      name: place.at('name').string(inner['name']),
      arguments: '',
      ...withRest(inner, omit(inner, 'toolUseId', 'name')),
    };
    return this.#open(part, false);
  }

  delta(delta: JsonObject, at: Reading): ChatEvent[] {
    const { text, toolUse, reasoningContent: reasoning, citation } = delta;
    if (this.#part?.type === 'opaque') return [this.#event(this.#gather(delta))];
    if (typeof text === 'string') return this.#add({ type: 'text', text: '' }, { kind: 'text', text });
    if (isObject(citation)) {
      return this.#add({ type: 'text', text: '' }, { kind: 'citation', dialect: CONVERSE, item: citation });
    }
    if (isObject(reasoning)) return this.#reasoning(reasoning, at.at('reasoningContent'));
    if (isObject(toolUse)) {
      if (this.#part?.type !== 'tool-call') throw at.at('toolUse').fail('the call has not begun');
      const input = at.at('toolUse').at('input').string(toolUse['input']);
      this.#hasInput ||= input !== '';
      return [this.#event({ delta: { kind: 'arguments', text: input } })];
    }
    const opened = this.#part === undefined ? this.#open({ type: 'opaque', dialect: CONVERSE, value: {} }) : [];
    return [...opened, this.#event(this.#gather(delta))];
  }

  /** The block's last events. A call without input has the arguments `{}`, which only other dialects have to be told. */
  end(): ChatEvent[] {
    const opened = this.#part === undefined ? this.#open({ type: 'text', text: '' }) : [];
    if (this.#gathered.length > 0) {
      opened.push(this.#event(opaqueDelta(wholeBlock(this.#start ?? {}, this.#gathered), null)));
    }
    const owed: Rest = { dialect: CONVERSE, fields: { $owed: true } };
    const isEmptyCall = this.#part?.type === 'tool-call' && !this.#hasInput;
    const input = isEmptyCall ? [this.#event({ delta: { kind: 'arguments', text: '{}' }, rest: owed })] : [];
    return [...opened, ...input, { type: 'part-end', candidate: 0, index: this.#index }];
  }

  #reasoning(reasoning: JsonObject, at: Reading): ChatEvent[] {
    const { text, signature, redactedContent: redacted } = reasoning;
    if (typeof redacted === 'string' && this.#part === undefined) {
      return this.#open({ type: 'reasoning', text: '', redacted, origin: CONVERSE });
    }
    const part: Part = { type: 'reasoning', text: '', origin: CONVERSE };
    if (!isMissing(text)) return this.#add(part, { kind: 'reasoning', text: at.at('text').string(text) });
    if (typeof signature === 'string') return this.#add(part, { kind: 'signature', signature });
    const opened = this.#part === undefined ? this.#open(part) : [];
    return [...opened, this.#event(opaqueDelta({}, { reasoningContent: reasoning }))];
  }

  /** A delta for a part of its kind, which begins with it where it has not begun. */
  #add(part: Part, delta: Delta): ChatEvent[] {
    const opened = this.#part === undefined ? this.#open(part) : [];
    return [...opened, this.#event({ delta })];
  }

  #gather(delta: JsonObject): Pick<PartDeltaEvent, 'delta' | 'rest'> {
    this.#gathered.push(delta);
    return opaqueDelta({}, delta);
  }

  /** `implied`: nothing but a delta said that the block begins, or a start that said nothing. */
  #open(part: Part, implied = true): ChatEvent[] {
    const hints = implied && this.#start !== undefined ? { $start: this.#start } : undefined;
    const opened = hints === undefined ? part : ({ ...part, rest: { dialect: CONVERSE, fields: hints } } as Part);
    this.#part = opened;
    return [{ type: 'part-start', candidate: 0, index: this.#index, part: opened }];
  }

  #event(told: Pick<PartDeltaEvent, 'delta' | 'rest'>): ChatEvent {
    return { type: 'part-delta', candidate: 0, index: this.#index, ...told };
  }
}
