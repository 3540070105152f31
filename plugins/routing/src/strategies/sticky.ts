/** The same target for the same session, user or prompt, by rendezvous hashing: when one fails, only its own sessions move. */
import type { Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import { BoundedMap } from '../bounded-map.ts';
import { hashText, unitOf } from '../hash.ts';
import type { Sessions } from '../session.ts';
import type { Strategy } from '../strategy.ts';

export class Sticky implements Strategy {
  readonly #sessions: Sessions;
  /** By the target itself, which is found faster than its name. */
  readonly #hashes = new BoundedMap<number, Target>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  score(targets: readonly Target[], asked: Asked, scores: Float64Array): void {
    const session = this.#sessions.of(asked);
    if (session === undefined) {
      scores.fill(0);
      return;
    }
    for (let at = 0; at < targets.length; at++) {
      const target = targets[at] as Target;
      const { weight } = target;
      // The smallest of such numbers is a target's as often as its weight says, whoever else is there.
      scores[at] = weight > 0 ? -Math.log(unitOf(session.hash, this.#hash(target))) / weight : Infinity;
    }
  }

  reason(_target: Target, asked: Asked): string {
    const session = this.#sessions.of(asked);
    return session === undefined ? 'no session, user or long prompt: by weight' : `by ${session.by}`;
  }

  #hash(target: Target): number {
    let hash = this.#hashes.get(target);
    if (hash === undefined) this.#hashes.set(target, (hash = hashText(target.id)));
    return hash;
  }
}
