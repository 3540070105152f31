/** What a conformance suite needs of a test runner: `node:test`, vitest, jest and mocha all have it. */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  test(name: string, body: () => Promise<void>): unknown;
}
