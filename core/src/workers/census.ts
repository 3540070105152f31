/** What the instances of a plugin in all workers answer, those of workers that are gone included. */
import type { Clock } from '../clock.ts';
import type { Member } from './member.ts';
import type { PeerAnswers } from './protocol.ts';

/** Milliseconds that a worker may take to answer; then it is counted by what it last said. */
const PATIENCE = 1000;
/** Last answers that are kept of one plugin's workers, where nobody asks for them. */
const MOST_LEFT = 100;

export class Census {
  readonly #clock: Clock;
  readonly #left = new Map<string, unknown[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async ask(plugin: string, members: readonly Member[]): Promise<PeerAnswers> {
    const living = await Promise.all(members.filter(({ ready }) => ready).map((member) => this.#ask(plugin, member)));
    const left = this.#left.get(plugin) ?? [];
    this.#left.delete(plugin);
    return { living: living.filter((answer) => answer !== undefined), left };
  }

  /** The last answer of a plugin in a worker that is ending. */
  leave(plugin: string, answer: unknown, member: Member): void {
    member.said.delete(plugin);
    const left = this.#left.get(plugin) ?? [];
    this.#left.set(plugin, left);
    left.push(answer);
    if (left.length > MOST_LEFT) left.shift();
  }

  /** A worker is gone without having said a last word: what it last said counts. */
  bury(member: Member): void {
    for (const [plugin, answer] of member.said) this.leave(plugin, answer, member);
  }

  #ask(plugin: string, member: Member): Promise<unknown> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(PATIENCE, () => resolve(member.said.get(plugin)));
      member.answerOf(plugin).then(
        (answer) => {
          cancel();
          if (answer !== undefined) member.said.set(plugin, answer);
          resolve(answer);
        },
        // It is gone: what it last said is among the last answers.
        () => {
          cancel();
          resolve(undefined);
        },
      );
    });
  }
}
