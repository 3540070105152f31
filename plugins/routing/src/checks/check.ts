/** What a check before the call is: it says why a target cannot serve a request. */
import type { Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';

export type CheckName = 'context' | 'capabilities' | 'region' | 'tags';

/** Why a target cannot serve it, in words that go behind its name; undefined where nothing speaks against it. */
export type Judgement = (target: Target) => string | undefined;

export interface Check {
  readonly name: CheckName;
  /** Looks at a request once; undefined where no target can fail it. */
  look(targets: readonly Target[], asked: Asked): Judgement | undefined;
}
