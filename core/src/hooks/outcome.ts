/** What a series of taps came to: at once where none of them had to be waited for, so that nobody waits a turn for nothing. */
import type { Awaitable } from './points.ts';

type Callback<T> = (error?: Error | null, result?: T) => void;

/** Starts something that tells a callback once. Throws the error that it tells at once, and rejects with one that comes later. */
export function outcomeOf<T>(start: (done: Callback<T>) => void): Awaitable<T> {
  let told: { readonly error: Error | null; readonly result: T | undefined } | undefined;
  let later: ((error: Error | null, result: T | undefined) => void) | undefined;
  start((error = null, result) => {
    if (later === undefined) told = { error, result };
    else later(error, result);
  });
  if (told === undefined) {
    return new Promise<T>((resolve, reject) => {
      later = (error, result) => (error === null ? resolve(result as T) : reject(error));
    });
  }
  const { error, result } = told as { error: Error | null; result: T };
  if (error !== null) throw error;
  return result;
}
