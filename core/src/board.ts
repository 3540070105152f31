/** The board of a state: small notices that every replica sees, and that go by themselves. */

/** One notice, as it is up. */
export interface Notice {
  readonly key: string;
  readonly value: string;
  /** Milliseconds until it goes by itself, by the state's clock. */
  readonly left: number;
}

/**
 * Notices, by topic and key. It is for hints that may be lost: who needs to be sure holds or stores. At most 1,000 notices
 * of a topic are up; one more takes the place of the one that would go first.
 */
export interface Board {
  /**
   * Puts a notice up for `ttl` milliseconds, in place of the one with its topic and key. Throws `GW_PLUGIN_CONTRACT` where it
   * is too large (topic and key: 1 to 200 characters, value: 2,000), and `GW_STATE_UNAVAILABLE` where nobody can see it.
   */
  post(topic: string, key: string, value: string, ttl: number): Promise<void>;
  /**
   * Tells the listener of every notice of the topic that is up, and of each one that is put up later, its own process's
   * among them; within a second or so. It is told again where it may not have heard, and not that a notice has gone. The
   * listener must not throw. The answer ends it.
   */
  follow(topic: string, listener: (notice: Notice) => void): () => void;
}
