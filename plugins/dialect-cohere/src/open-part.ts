/** A part of a stream that has begun and not ended, as it is read. */
import type { ChatEvent, Delta, Logprobs, Part, Rest } from '@gatewright/core';
import { CHAT } from './names.ts';

/** What goes with a delta besides it. */
export interface Beside {
  readonly logprobs?: Logprobs | undefined;
  readonly rest?: Rest | undefined;
}

/** What models write for a call without arguments. */
const NULL = 'null';

export class OpenPart {
  readonly #index: number;
  /** The part as it began. */
  readonly part: Part;
  /** Arguments that may still turn out to be none, and are held back. */
  #held = '';
  #hasArguments = false;

  constructor(index: number, part: Part) {
    this.#index = index;
    this.part = part;
    this.#hasArguments = part.type === 'tool-call' && part.arguments !== '';
  }

  begin(): ChatEvent {
    return { type: 'part-start', candidate: 0, index: this.#index, part: this.part };
  }

  delta(delta: Delta, { logprobs, rest }: Beside = {}): ChatEvent {
    return {
      type: 'part-delta',
      candidate: 0,
      index: this.#index,
      delta,
      ...(logprobs === undefined ? {} : { logprobs }),
      ...(rest === undefined ? {} : { rest }),
    };
  }

  /** More of a call's arguments. `null` is held back: every other dialect wants an object there. */
  argue(text: string, rest: Rest | undefined): ChatEvent[] {
    if (this.#hasArguments) return [this.delta({ kind: 'arguments', text }, { rest })];
    this.#held += text;
    if (NULL.startsWith(this.#held)) return [];
    this.#hasArguments = true;
    return [this.delta({ kind: 'arguments', text: this.#held }, { rest })];
  }

  /** The last events: a call without arguments has `{}`, which only other dialects have to be told. */
  end(): ChatEvent[] {
    const end: ChatEvent = { type: 'part-end', candidate: 0, index: this.#index };
    if (this.part.type !== 'tool-call' || this.#hasArguments) return [end];
    const rest: Rest = { dialect: CHAT, fields: { $arguments: this.#held } };
    return [this.delta({ kind: 'arguments', text: '{}' }, { rest }), end];
  }
}
