/** An answer that is waited for no longer than a given time. */
import type { Clock } from '@gatewright/core';

/**
 * Settles as `answer` does, or rejects when it takes longer than `time` milliseconds. Where this process itself was held up for
 * so long, the answer may lie in a socket: timers come before sockets are read, so there is one more turn of the event loop.
 */
export async function withinTime<T>(clock: Clock, time: number, answer: Promise<T>): Promise<T> {
  const timer: { cancel?: () => void } = {};
  const late = new Promise<never>((_resolve, reject) => {
    timer.cancel = clock.after(time, () => {
      setImmediate(() => reject(new Error(`There was no answer within ${time} ms.`)));
    });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.cancel?.();
  }
}
