/** A profile of V8, and how its time divides among stages. */

/** A frame of the tree of calls; the format is that of the DevTools protocol, `Profiler.Profile`. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

export interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** The node of each sample. */
  readonly samples?: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas?: readonly number[];
}

/** The stage that a frame belongs to; undefined where it works for whoever called it. */
export type StageOf = (url: string, functionName: string) => string | undefined;

/** Where nobody waits for the processor. */
const IDLE = '(idle)';

/**
 * Microseconds by stage: each sample counts for the innermost frame that has a stage, so that the sum is all the time that
 * the thread was not idle. What has none at all is `rest`.
 */
export function divide(
  { nodes, samples = [], timeDeltas = [] }: Profile,
  stageOf: StageOf,
  rest: string,
): Map<string, number> {
  const stages = stagesOf(nodes, stageOf);
  const sums = new Map<string, number>();
  for (const [index, node] of samples.entries()) {
    // A sample stands for the time until the next one.
    const time = timeDeltas[index + 1] ?? 0;
    const stage = stages.get(node) ?? rest;
    if (stage !== IDLE) sums.set(stage, (sums.get(stage) ?? 0) + time);
  }
  return sums;
}

/** The stage of each node, its own or that of the nearest caller which has one. Callers come before those they call. */
function stagesOf(nodes: readonly ProfileNode[], stageOf: StageOf): Map<number, string> {
  const inherited = new Map<number, string>();
  for (const { id, callFrame, children = [] } of nodes) {
    const { functionName, url } = callFrame;
    const own = functionName === IDLE ? IDLE : stageOf(url, functionName);
    const stage = own ?? inherited.get(id);
    if (stage === undefined) continue;
    inherited.set(id, stage);
    for (const child of children) inherited.set(child, stage);
  }
  return inherited;
}
