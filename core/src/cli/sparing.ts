/** Has V8 spare memory for as long as a gateway serves. */
import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * A gateway throws away much and keeps little: left alone, V8 lets what was thrown away grow to twice of all the rest. The other
 * two are of V8's compilers, and what they take at their peak stays with malloc: the parser of HTTP replies, one function of
 * 34 kB, takes 12 MB instead of 23 to be compiled, and what is compiled first of the rest 5 instead of 16.
 */
const SPARING = ['--heap-growing-percent=40', '--no-wasm-loop-unrolling', '--no-maglev-destroy-on-background'];
const AS_BEFORE = ['--heap-growing-percent=0', '--wasm-loop-unrolling', '--maglev-destroy-on-background'];

/**
 * In each pause V8 would collect twice, and forget the shapes of objects that are not there just then. What was compiled for them
 * is then thrown away too: the first ten thousand requests after a pause took 216 µs each instead of 66. `IdleCollection` does it
 * when a gateway rests.
 */
SPARING.push('--memory-reducer-gc-count=0');
AS_BEFORE.push('--memory-reducer-gc-count=2');

/**
 * Bodies lie outside of the heap, of which V8 collects all for every 64 MB of them: some 300 requests of 100 kB. It would look at
 * the young generation alone only after 128. From 32 MB on, as it did up to Node 23, it frees bodies while caches still hold them:
 * such a request takes half the time. Later versions than this have no word for it.
 */
const YOUNG = '--scavenger-max-new-space-capacity-mb=8';
const YOUNG_BEFORE = '--scavenger-max-new-space-capacity-mb=32';
if (process.versions.v8.startsWith('13.')) {
  SPARING.push(YOUNG);
  AS_BEFORE.push(YOUNG_BEFORE);
}

/** What the command starts Node with, where the operator has set no limits and the flags are known. */
const YOUNGEST = '--max-semi-space-size=8';
const LIMITED = '--min-semi-space-size=4';

/**
 * What workers are started with. They are there for all of the processors: the collector's helpers have none of their own, and take
 * their time from requests. With a larger young generation a request takes 0.91 of the time, and a worker 65 MB more.
 */
export function flagsOfWorkers(given: readonly string[] = process.execArgv): string[] {
  return given.map((flag) => (flag === YOUNGEST ? '--max-semi-space-size=32' : flag));
}

/** V8 would hold a worker's threads to the limits of its young generation, whatever those say who start them. */
export function freeThreads(
  given: readonly string[] = process.execArgv,
  set: (flag: string) => void = setFlagsFromString,
): void {
  if (given.includes(LIMITED)) ['--max-semi-space-size=0', '--min-semi-space-size=0'].forEach(set);
}

/**
 * The answer ends it. Not before the boot: code that was compiled under other flags is not used, and all of Node's own was, so
 * that a boot takes 70 ms longer.
 */
export function spareMemory(
  given: readonly string[] = process.execArgv,
  set: (flag: string) => void = setFlagsFromString,
): () => void {
  // For the same reason, the next start is to find what was compiled until now, and what is compiled last.
  flushCompileCache();
  if (!given.includes(LIMITED)) return () => undefined;
  SPARING.forEach(set);
  return () => AS_BEFORE.forEach(set);
}
