/** What the program sees of the world outside: two streams, the folder, and somebody to ask. */

export interface Terminal {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
  readonly cwd: string;
  /** Asks a person; undefined where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}
