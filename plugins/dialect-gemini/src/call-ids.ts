/** Ids for calls and their results: this dialect may leave them out, and then they belong together by name and order. */

/** Gives an id to every call, and to every result the id of its call. Ids that the client sent are kept. */
export interface CallIds {
  call(name: string, given: string | undefined): string;
  result(name: string, given: string | undefined): string;
}

interface Pending {
  readonly id: string;
  readonly name: string;
}

/** The ids of a conversation: the same request always gets the same ones. */
export class ConversationIds implements CallIds {
  #count = 0;
  #pending: Pending[] = [];

  call(name: string, given: string | undefined): string {
    const id = given ?? this.#next();
    this.#pending.push({ id, name });
    return id;
  }

  /** The first open call of the id, else of the name, else of all; a result without a call gets an id of its own. */
  result(name: string, given: string | undefined): string {
    const pending = this.#pending;
    let found = pending.findIndex((call) => (given === undefined ? call.name === name : call.id === given));
    if (found < 0 && given === undefined && pending.length > 0) found = 0;
    const [call] = found < 0 ? [] : pending.splice(found, 1);
    return given ?? call?.id ?? this.#next();
  }

  #next(): string {
    return `call_${this.#count++}`;
  }
}

/** Other dialects allow ids of forty characters. */
const LONGEST_SEED = 28;

/** The ids of an answer's calls: unlike those of other answers, where the answer has an id itself. */
export class AnswerIds implements CallIds {
  readonly #prefix: string;
  #count = 0;

  constructor(responseId: string) {
    const seed = responseId.replace(/[^\w-]/g, '').slice(0, LONGEST_SEED);
    this.#prefix = seed === '' ? 'call_' : `call_${seed}_`;
  }

  call(_name: string, given: string | undefined): string {
    return given ?? `${this.#prefix}${this.#count++}`;
  }

  result(_name: string, given: string | undefined): string {
    return given ?? `${this.#prefix}${Math.max(0, this.#count - 1)}`;
  }
}
