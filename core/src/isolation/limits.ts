/** What an isolated plugin may use, and how often it may fail. */
export interface IsolationLimits {
  /** Bytes of heap. */
  readonly memory: number;
  /** Milliseconds that its thread may be busy without answering. */
  readonly unresponsive: number;
  /** How often it is started again within {@link within} before it is left alone. */
  readonly restarts: number;
  /** Milliseconds. */
  readonly within: number;
}

export const ISOLATION: IsolationLimits = {
  memory: 256 * 1024 * 1024,
  unresponsive: 2000,
  restarts: 3,
  within: 60_000,
};
