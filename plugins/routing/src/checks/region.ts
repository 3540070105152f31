/** Whether a target is in a region where the request may be served. */
import type { Target } from '@gatewright/core';
import { headerOf, type Asked } from '../asked.ts';
import type { Check, Judgement } from './check.ts';

/** A tag of the caller's key that binds all its requests to a region: `region:eu`. */
const TAG = 'region:';

export class RegionCheck implements Check {
  readonly name = 'region';
  readonly #regionOf: (target: Target) => string | undefined;
  readonly #header: string;

  constructor(regionOf: (target: Target) => string | undefined, header: string) {
    this.#regionOf = regionOf;
    this.#header = header;
  }

  look(_targets: readonly Target[], asked: Asked): Judgement | undefined {
    const named = headerOf(asked, this.#header);
    const bound = asked.identity.tags?.filter((tag) => tag.startsWith(TAG)) ?? [];
    if (named === undefined && bound.length === 0) return undefined;
    // A request cannot leave the regions that its key is bound to: both must allow the target.
    const wishes = named?.split(',').map((region) => region.trim());
    const allowed = bound.length === 0 ? undefined : bound.map((tag) => tag.slice(TAG.length));
    const all = [...(wishes ?? []), ...(allowed ?? [])].join(', ');
    return (target) => {
      const region = this.#regionOf(target);
      if (region === undefined) return `says no region, and this must stay in ${all}`;
      const fits = wishes?.includes(region) !== false && allowed?.includes(region) !== false;
      return fits ? undefined : `is in ${region}, and this must stay in ${all}`;
    };
  }
}
