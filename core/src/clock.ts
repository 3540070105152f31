/** Time, as something that can be injected: tests hold the clock, the code never asks the machine itself. */
export interface Clock {
  /** Milliseconds since 1970, for records. */
  now(): number;
  /** Milliseconds from an arbitrary start that never go backwards, for durations. */
  monotonic(): number;
  /** Runs `task` once after `delay` milliseconds; the answer cancels it. Does not keep the process alive. */
  after(delay: number, task: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, task) {
    const timer = setTimeout(task, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
