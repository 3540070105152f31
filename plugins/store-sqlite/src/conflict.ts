/** A write met another version than it expected. */
export class Conflict extends Error {
  constructor(kind: string, id: string, expected: number, found: number) {
    const is = found === 0 ? 'does not exist' : `has version ${found}`;
    const wanted = expected === 0 ? 'it was not to exist' : `version ${expected} was expected`;
    super(`The ${kind} "${id}" ${is}, and ${wanted}.`);
  }
}
