/** The thread that a database lives on: takes calls one after another, so that no statement ever holds up a request. */
import { parentPort, workerData } from 'node:worker_threads';
import { Conflict } from './conflict.ts';
import { openDatabase, type Database, type Mode } from './database.ts';

export interface Call {
  readonly number: number;
  readonly method: keyof Database;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly failure: { readonly message: string; readonly conflict: boolean } };

const port = parentPort;
if (port === null) throw new Error('This file is run as a worker thread.');
const { path, mode } = workerData as { path: string; mode: Mode };
const database = openDatabase(path, mode);

port.on('message', ({ number, method, args }: Call) => {
  port.postMessage(answer(number, method, args));
  if (method === 'close') port.close();
});
// The first answer says that the database is open.
port.postMessage({ number: 0, value: undefined } satisfies Answer);

function answer(number: number, method: keyof Database, args: readonly unknown[]): Answer {
  try {
    const run = database[method] as (...given: readonly unknown[]) => unknown;
    return { number, value: run(...args) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { number, failure: { message, conflict: error instanceof Conflict } };
  }
}
