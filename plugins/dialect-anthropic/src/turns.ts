/** The order and grouping of messages that this dialect wants. */
import type { JsonObject } from '@gatewright/core';

type Role = 'user' | 'assistant' | 'system';
type Content = string | JsonObject[];

interface Turn {
  readonly role: Role;
  content: Content;
}

/**
 * Gathers messages. Those that were read in this dialect go out as they came. Others are regrouped: neighbours of one
 * role become one message, since results of tools must stand together behind their calls; and a system message stands
 * behind the user's turn, since the API takes it only there
 * (https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages).
 */
export class Turns {
  readonly #own: boolean;
  readonly #messages: JsonObject[] = [];
  readonly #turns: Turn[] = [];

  constructor(own: boolean) {
    this.#own = own;
  }

  /** Adds a message. `complete` puts back what only this dialect knows of it. */
  add(role: Role, content: Content | undefined, complete: (known: JsonObject) => JsonObject): void {
    if (this.#own) this.#messages.push(complete(content === undefined ? { role } : { role, content }));
    else if (content !== undefined) this.#place(role, content);
  }

  messages(): JsonObject[] {
    return this.#own ? this.#messages : this.#turns.map(({ role, content }) => ({ role, content }));
  }

  #place(role: Role, content: Content): void {
    const last = this.#turns.at(-1);
    if (last === undefined || (last.role !== role && !(last.role === 'system' && role === 'user'))) {
      this.#turns.push({ role, content });
    } else if (last.role === role) {
      join(last, content);
    } else {
      this.#turns.pop();
      this.#place(role, content);
      this.#place(last.role, last.content);
    }
  }
}

function join(turn: Turn, content: Content): void {
  turn.content = [...blocksOf(turn.content), ...blocksOf(content)];
}

function blocksOf(content: Content): JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
