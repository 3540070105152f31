/** Recorded answers that do not decode to the end, each with the error that must come of it, and why. */

export interface Broken {
  readonly name: RegExp;
  /** The gateway's code, or the provider's status. */
  readonly error: string | number;
  readonly why: string;
}

export const BROKEN: readonly Broken[] = [
  {
    name: /duplicate-message-start/,
    error: 'GW_UPSTREAM_INVALID',
    why: 'begins twice: where it passes unread, the observer says so; where it is read, the second start is left out',
  },
  { name: /spliced-message-start/, error: 'GW_UPSTREAM_INVALID', why: 'another answer begins in the middle of it' },
  { name: /responses\/openai-error/, error: 429, why: "the provider's own error in its stream" },
  { name: /parallel-tool-call-wrapper/, error: 'GW_UPSTREAM_INVALID', why: 'one of its frames is no JSON' },
];
