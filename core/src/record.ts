/** The log record of a finished exchange: plain data, safe to write anywhere. It holds no keys, no headers and no message text. */
import type { Warning } from './exchange.ts';
import type { Identity } from './identity.ts';
import type { Operation } from './operations.ts';
import type { Cost } from './services.ts';
import type { Usage } from './usage.ts';

export interface AttemptRecord {
  readonly target: string;
  readonly provider: string;
  readonly model: string;
  /** `hedged`: another target that was asked besides it answered first. */
  readonly result: 'success' | 'error' | 'timeout' | 'client-gone' | 'shutdown' | 'hedged';
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly usage?: Usage;
  readonly usageComplete: boolean;
  readonly cost?: Cost;
  /** How many events of the stream were no good and were left out. */
  readonly malformed?: number;
  readonly stop?: string;
  readonly upstreamId?: string;
  readonly upstreamModel?: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly timeToFirstToken?: number;
}

export interface ExchangeRecord {
  readonly id: string;
  /** The id of the exchange that spawned this one, and why. */
  readonly parent?: string;
  readonly cause?: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly operation: Operation;
  readonly surface?: string;
  readonly model: string;
  readonly stream: boolean;
  readonly identity: Identity;
  /** What the client got: its HTTP status; 499 where it left first. */
  readonly status: number;
  readonly result: 'success' | 'error' | 'client-gone';
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly plugin?: string;
    readonly hook?: string;
    /** For unexpected errors: what was really thrown. */
    readonly stack?: string;
  };
  readonly attempts: readonly AttemptRecord[];
  /** Sums over all attempts. */
  readonly usage?: Usage;
  readonly cost?: Cost;
  readonly warnings: readonly Warning[];
  /** Milliseconds from the first byte of the request to the last byte of the reply. */
  readonly duration: number;
  /** Milliseconds to the first content that went to the client. */
  readonly timeToFirstToken?: number;
  /** Milliseconds that the gateway itself added: all the time that was not spent waiting for providers. */
  readonly overhead: number;
  /** Who answered, where no provider did: the plugin id of a `call.answer` tap. */
  readonly answeredBy?: string;
}
