/** The same target for the same session, user or prompt, by rendezvous hashing: when one fails, only its own sessions move. */
import type { Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import { BoundedMap } from '../bounded-map.ts';
import { hashText, unitOf } from '../hash.ts';
import { ranked } from '../rank.ts';
import type { Sessions } from '../session.ts';
import type { Strategy } from '../strategy.ts';

export class Sticky implements Strategy {
  readonly #sessions: Sessions;
  readonly #hashes = new BoundedMap<number>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  order(targets: readonly Target[], asked: Asked): readonly Target[] {
    const session = this.#sessions.of(asked);
    if (session === undefined) return targets;
    const scores = new Float64Array(targets.length);
    for (let at = 0; at < targets.length; at++) {
      const { id, weight } = targets[at] as Target;
      // The smallest of such numbers is a target's as often as its weight says, whoever else is there.
      scores[at] = weight > 0 ? -Math.log(unitOf(session.hash, this.#hash(id))) / weight : Infinity;
    }
    return ranked(targets, scores);
  }

  reason(_target: Target, asked: Asked): string {
    const session = this.#sessions.of(asked);
    return session === undefined ? 'no session, user or long prompt: by weight' : `by ${session.by}`;
  }

  #hash(id: string): number {
    let hash = this.#hashes.get(id);
    if (hash === undefined) this.#hashes.set(id, (hash = hashText(id)));
    return hash;
  }
}
