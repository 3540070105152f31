/**
 * Keeps requests in step. One after the other, from its first byte to its last, each request would find the processor's caches
 * full of what the one before it needed last. So what one turn of the event loop reads is gathered and goes through each step
 * together: under load a request takes half the time, and alone it takes no longer (core/docs/decisions/0031).
 */

// Whoever puts timers of its own in the place of the process's, as tests do, must not hold all requests up.
const { setImmediate } = globalThis;

/** What is done once for all of a step. Where it answers with a promise, it is not done before that resolves. Must not throw or reject. */
export type StepTask = () => unknown;

/** How a step has ended: with what of its tasks is still to be done. */
export interface StepEnd {
  readonly undone: readonly Promise<unknown>[];
}

let turn: Promise<void> | undefined;
let step: Promise<StepEnd> | undefined;
let tasks: StepTask[] = [];

/** Resolves when all that this turn of the event loop reads has been read, for all who ask in it one right after the other. */
export function endOfTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}

/** Resolves when all who run in this turn have come as far as they can without waiting, for all who ask until then. */
export function endOfStep(): Promise<StepEnd> {
  step ??= new Promise((resolve) => {
    process.nextTick(() => {
      const ending = tasks;
      step = undefined;
      tasks = [];
      resolve({ undone: ending.map((task) => task()).filter((answer) => answer instanceof Promise) });
    });
  });
  return step;
}

/** Runs a task at the end of this step, before anybody goes on who waits for that. */
export function atEndOfStep(task: StepTask): void {
  tasks.push(task);
  void endOfStep();
}

/** The end of this step, where something is to be done at it. */
export function unfinishedStep(): Promise<StepEnd> | undefined {
  return tasks.length === 0 ? undefined : step;
}
