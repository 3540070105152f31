/** Where the reply of an exchange goes: a socket, or a test's memory. */
export type HeadersOut = Record<string, string>;

export interface Outlet {
  /** The status line has been fixed: nothing about it can change any more. */
  readonly headSent: boolean;
  /** The head of a stream was sent so that the client stays, and none of its content. */
  readonly waiting?: boolean;
  /** Sends a whole reply. */
  whole(status: number, headers: HeadersOut, chunks: readonly Buffer[]): void;
  /** Begins a streamed reply. */
  open(status: number, headers: HeadersOut): void;
  /** Sends pieces of a streamed reply; false means: wait for {@link onDrain}. */
  write(chunks: readonly Buffer[]): boolean;
  /** Calls the listener, and no longer the one before it, whenever more can be written. */
  onDrain(listener: () => void): void;
  /** Ends a streamed reply. */
  close(): void;
  /** Breaks the connection off, so that nobody takes what was sent for the whole. */
  destroy(): void;
}
