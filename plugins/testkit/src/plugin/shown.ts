/** Everything that an error shows to those who read logs, replies and stacks. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';

/** All texts in an error: message, stack, causes and details. */
export function shown(error: unknown): string {
  return `${String(error)} ${JSON.stringify(error)} ${inspect(error, { depth: 12, maxStringLength: null })}`;
}

/** Fails where an error shows one of the credentials. */
export function assertKeepsToItself(error: unknown, credentials: readonly string[]): void {
  for (const credential of credentials) {
    assert.ok(!shown(error).includes(credential), 'The error shows a credential of the options.');
  }
}
