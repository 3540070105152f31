/** What a gateway and the thread of an isolated plugin tell each other. */
import type { AttemptOutcome } from '../attempt.ts';
import type { NormalModel } from '../config/normal.ts';
import type { HookName } from '../hooks/checks.ts';
import type { ProviderOperation, Stage } from '../hooks/points.ts';
import type { Identity } from '../identity.ts';
import type { Operation } from '../operations.ts';
import type { RequestHeaders } from '../exchange.ts';
import type { ReplyHeaders } from '../reply.ts';
import type { Target } from '../route.ts';
import type { SentError } from '../workers/failure.ts';

/** What the thread is started with. */
export interface GuestStart {
  /** The `file:` URL of the plugin's module. */
  readonly url: string;
  readonly id: string;
  /** As its schema parsed them. */
  readonly options: unknown;
  readonly dry: boolean;
  readonly models: readonly NormalModel[];
}

/** A tap of the plugin, by its number. */
export interface TapNote {
  readonly number: number;
  readonly hook: HookName;
  readonly stage?: Stage;
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly timeout?: number;
  readonly operations?: readonly Operation[];
  /** Of the hook `call`. */
  readonly provider?: string;
  readonly serves?: { readonly [O in Operation]?: ProviderOperation | readonly ProviderOperation[] };
}

/** What came of the setup. */
export interface SetupNote {
  readonly taps: readonly TapNote[];
  readonly hasReady: boolean;
}

/** What an isolated plugin sees of an exchange. */
export interface ExchangeView {
  readonly id: string;
  readonly operation: Operation;
  readonly headers: RequestHeaders;
  readonly method: string;
  readonly path: string;
  readonly remoteAddress: string | undefined;
  readonly credential: string | undefined;
  readonly identity: Identity;
  readonly model: string;
  readonly stream: boolean;
  readonly cause: string | undefined;
  readonly depth: number;
}

/** What it sees of an attempt. */
export interface AttemptView {
  readonly id: string;
  readonly number: number;
  readonly target: Target;
  readonly dialect: string;
  readonly body: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: boolean;
  readonly maxOutput: number | undefined;
}

/** An outcome whose error can be sent. */
export type OutcomeView = Omit<AttemptOutcome, 'error'> & { readonly error?: SentError };

/** What a tap is given. */
export interface HookParts {
  readonly exchange?: ExchangeView;
  readonly attempt?: AttemptView;
  /** The first argument, of hooks whose first argument is neither of these. */
  readonly subject?: unknown;
}

/** One call of a tap: the arguments of `hook`, without names, which would be copied with each. */
export type HookCall = readonly [
  tap: number,
  /** By this the host speaks of the call later: to abort it, to let its reply flow. */
  call: number,
  subject: unknown,
  exchange: ExchangeView | undefined,
  attempt: AttemptView | undefined,
];

/** What a tap answered: undefined also where it gave back what it was given. */
export type HookAnswer =
  | { readonly value: unknown }
  /** A reply in bytes, which flow once the host wants them. */
  | { readonly head: { readonly status: number; readonly headers: ReplyHeaders } }
  | undefined;

/** Notices of the host. */
export interface HostNotices {
  /** An answer is wanted at once. The number says nothing. */
  readonly ping: 0;
  readonly abort: { readonly call: number; readonly reason: SentError };
  readonly pipe: number;
  readonly pause: number;
  readonly resume: number;
  readonly cancel: number;
}

/** Notices of the thread. */
export interface GuestNotices {
  readonly pong: 0;
  /** The modules of the plugin are loaded, and its setup begins. */
  readonly loaded: 0;
  readonly log: {
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly message: string;
    readonly fields?: unknown;
  };
  readonly data: { readonly call: number; readonly chunk: Uint8Array };
  readonly end: number;
  readonly error: { readonly call: number; readonly error: SentError };
}
