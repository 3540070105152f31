/** One candidate of a stream, as it is read: which of its parts is open, and what has to wait for its stop. */
import type { ChatEvent, Delta, JsonObject, Part } from '@gatewright/core';
import type { CallIds } from './call-ids.ts';
import { besides } from './candidate.ts';
import { decodeLogprobs } from './logprobs.ts';
import { GENERATE } from './names.ts';
import { isPartial, PartialArguments } from './partial-arguments.ts';
import { decodePart } from './part-reader.ts';
import { isMissing, isObject, type Reading } from './reading.ts';
import { decodeStop } from './stop.ts';

const EMPTY_TEXT: Part = { type: 'text', text: '' };

/** Most parts are text and nothing else. */
function isPlainText(part: unknown): part is { readonly text: string } {
  if (!isObject(part) || typeof part['text'] !== 'string') return false;
  for (const key in part) if (key !== 'text') return false;
  return true;
}

export class CandidateDecoder {
  readonly #index: number;
  readonly #ids: CallIds;
  readonly #events: ChatEvent[] = [];
  /** The part that goes on while more of its kind comes. */
  #open: 'text' | 'reasoning' | undefined;
  #next = 0;
  #partial: PartialArguments | undefined;
  #hasCalls = false;
  #logprobs: unknown;
  #others: JsonObject = {};
  #extra: JsonObject = {};

  constructor(index: number, ids: CallIds) {
    this.#index = index;
    this.#ids = ids;
  }

  /** The events of one chunk's candidate. */
  push(candidate: JsonObject, at: Reading): readonly ChatEvent[] {
    const { content, finishReason, logprobsResult } = candidate;
    if (!isMissing(logprobsResult)) this.#logprobs = logprobsResult;
    const beside = besides(candidate);
    if (beside !== undefined) {
      Object.assign(this.#others, beside.others);
      Object.assign(this.#extra, beside.extra);
    }
    if (!isMissing(content)) {
      const place = at.at('content');
      const { parts } = place.fields(content);
      if (!isMissing(parts)) this.#parts(place.at('parts').list(parts), place.at('parts'));
    }
    if (typeof finishReason === 'string') this.#stop(finishReason);
    return this.#events.splice(0);
  }

  /** What was still due when the stream ended. */
  end(): readonly ChatEvent[] {
    this.#close();
    return this.#events.splice(0);
  }

  #parts(parts: readonly unknown[], at: Reading): void {
    for (const [index, value] of parts.entries()) {
      if (isPlainText(value)) {
        if (value.text !== '') this.#run('text', EMPTY_TEXT, { kind: 'text', text: value.text });
        continue;
      }
      const part = at.at(index).fields(value);
      const { functionCall } = part;
      if (isPartial(functionCall)) this.#piece(part, functionCall, at.at(index));
      else this.#part(decodePart(part, at.at(index), this.#ids));
    }
  }

  #part(part: Part): void {
    switch (part.type) {
      case 'text':
        // The last chunk of a stream often has empty text, and nothing to say.
        if (part.rest !== undefined) this.#whole({ ...part, text: '' }, [{ kind: 'text', text: part.text }]);
        else if (part.text !== '') this.#run('text', { ...part, text: '' }, { kind: 'text', text: part.text });
        return;
      case 'reasoning': {
        const { signature, text, ...opening } = part;
        if (text !== '') this.#run('reasoning', { ...opening, text: '' }, { kind: 'reasoning', text });
        if (signature === undefined) return;
        this.#run('reasoning', { ...opening, text: '' }, { kind: 'signature', signature });
        this.#close();
        return;
      }
      case 'tool-call':
        this.#hasCalls = true;
        this.#whole({ ...part, arguments: '' }, [{ kind: 'arguments', text: part.arguments }]);
        return;
      default:
        this.#whole(part, []);
    }
  }

  #run(kind: 'text' | 'reasoning', opening: Part, delta: Delta): void {
    if (this.#open !== kind) {
      this.#close();
      this.#start(opening);
      this.#open = kind;
    }
    this.#delta(delta);
  }

  #whole(opening: Part, deltas: readonly Delta[]): void {
    this.#close();
    this.#start(opening);
    for (const delta of deltas) if (delta.kind !== 'text' || delta.text !== '') this.#delta(delta);
    this.#end();
  }

  /** A call in pieces: one with the name, others with arguments, and at last one that does not continue. */
  #piece(part: JsonObject, call: JsonObject, at: Reading): void {
    const { partialArgs, willContinue, args, ...head } = call;
    const place = at.at('functionCall');
    if (head['name'] !== undefined) {
      this.#close();
      const known = isMissing(args) ? {} : place.at('args').object(args);
      const opening = decodePart({ ...part, functionCall: { ...head, args: {} } }, at, this.#ids);
      this.#hasCalls = true;
      this.#start({ ...opening, arguments: '' } as Part);
      this.#partial = new PartialArguments(known);
    }
    // An empty call ends one that is complete already.
    if (this.#partial === undefined) return;
    if (!isMissing(partialArgs)) {
      for (const one of place.at('partialArgs').list(partialArgs)) this.#partial.add(one, place.at('partialArgs'));
    }
    if (willContinue !== true) this.#close();
  }

  #stop(word: string): void {
    this.#close();
    const notes = Object.keys(this.#extra).length === 0 ? {} : { $extra: this.#extra };
    const stop = decodeStop(word, this.#hasCalls, this.#others, notes);
    if (stop !== undefined) this.#events.push({ type: 'stop', candidate: this.#index, stop });
  }

  #start(part: Part): void {
    this.#events.push({ type: 'part-start', candidate: this.#index, index: this.#next, part });
  }

  #delta(delta: Delta): void {
    const event: ChatEvent = { type: 'part-delta', candidate: this.#index, index: this.#next, delta };
    const logprobs = decodeLogprobs(this.#logprobs);
    if (logprobs === undefined) this.#events.push(event);
    else {
      const rest = { dialect: GENERATE, fields: { $logprobsResult: this.#logprobs } };
      this.#events.push({ ...event, logprobs, rest });
    }
    this.#logprobs = undefined;
  }

  #end(): void {
    this.#events.push({ type: 'part-end', candidate: this.#index, index: this.#next++ });
  }

  #close(): void {
    if (this.#partial !== undefined) {
      const text = this.#partial.json();
      this.#partial = undefined;
      this.#delta({ kind: 'arguments', text });
      this.#end();
    }
    if (this.#open === undefined) return;
    this.#open = undefined;
    this.#end();
  }
}
