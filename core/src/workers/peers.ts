/** What the instances of one plugin in all processes of a gateway know together. */
import type { WorkerLink } from './link.ts';
import type { PeerAnswers } from './protocol.ts';

export type { PeerAnswers };

/** One plugin's instances in all workers; without workers, only this one. */
export interface Peers {
  /** What this process answers, or promises to. Values only: they are copied. Ends with the configuration that the plugin was set up for. */
  answer(answer: () => unknown): void;
  /** What all answer. A worker that does not answer within a second is counted by what it last said. */
  ask(): Promise<PeerAnswers>;
}

/** The answers of the plugins of one process. */
export class PeerAnswerers {
  readonly #answerers = new Map<string, (() => unknown)[]>();
  readonly #link: WorkerLink | undefined;

  constructor(link: WorkerLink | undefined) {
    this.#link = link;
  }

  /** The answer ends it; where it was the last of its plugin, what it knows is left with the primary. */
  add(plugin: string, answer: () => unknown): () => Promise<void> {
    const list = this.#answerers.get(plugin) ?? [];
    this.#answerers.set(plugin, list);
    list.push(answer);
    return async () => {
      list.splice(list.indexOf(answer), 1);
      if (list.length === 0) this.#link?.leave(plugin, await answer());
    };
  }

  /** Of two configurations at once, the newer one's. */
  answerOf(plugin: string): unknown {
    return this.#answerers.get(plugin)?.at(-1)?.();
  }

  async ask(plugin: string): Promise<PeerAnswers> {
    if (this.#link !== undefined) return this.#link.ask(plugin);
    return { living: [await this.answerOf(plugin)], left: [] };
  }
}
