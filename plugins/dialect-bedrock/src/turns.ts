/** The order and grouping of messages that this dialect wants. */
import type { JsonObject } from '@gatewright/core';

type Role = 'user' | 'assistant' | 'system';

interface Turn {
  readonly role: Role;
  content: JsonObject[];
}

/**
 * Gathers messages. Those that were read in this dialect go out as they came. Others are regrouped: neighbours of one
 * role become one message, since roles must alternate and results of tools stand together behind their calls; and a
 * system message stands behind the user's turn.
 */
export class Turns {
  readonly #own: boolean;
  readonly #messages: JsonObject[] = [];
  readonly #turns: Turn[] = [];

  constructor(own: boolean) {
    this.#own = own;
  }

  /** Adds a message. `complete` puts back what only this dialect knows of it. */
  add(role: Role, content: JsonObject[], complete: (known: JsonObject) => JsonObject): void {
    if (this.#own) this.#messages.push(complete({ role, content }));
    else if (content.length > 0) this.#place(role, content);
  }

  messages(): JsonObject[] {
    return this.#own ? this.#messages : this.#turns.map(({ role, content }) => ({ role, content }));
  }

  #place(role: Role, content: JsonObject[]): void {
    const last = this.#turns.at(-1);
    if (last === undefined || (last.role !== role && !(last.role === 'system' && role === 'user'))) {
      this.#turns.push({ role, content });
    } else if (last.role === role) {
      last.content = [...last.content, ...content];
    } else {
      this.#turns.pop();
      this.#place(role, content);
      this.#place(last.role, last.content);
    }
  }
}
