/** The neutral form of a chat answer. */
import type { Usage } from '../usage.ts';
import type { Part, Rest } from './part.ts';

/** Why the model stopped. */
export type StopReason =
  /** The model was done. */
  | 'stop'
  /** One of the request's stop sequences was met. */
  | 'stop-sequence'
  /** The output limit was reached. */
  | 'length'
  /** The model's context window is full. */
  | 'context-length'
  | 'tool-calls'
  /** The provider's filter cut the answer. */
  | 'content-filter'
  /** The model refused. */
  | 'refusal'
  /** The provider paused a long turn; send the answer back to go on (Anthropic's `pause_turn`). */
  | 'pause'
  /** A reason that no other dialect has; `raw` names it. */
  | 'other';

export interface Stop {
  readonly reason: StopReason;
  /** The provider's own word, with the dialect it is in: written back unchanged to a client of that dialect. */
  readonly raw?: { readonly dialect: string; readonly value: string };
  /** Which stop sequence was met. */
  readonly sequence?: string;
  readonly rest?: Rest;
}

/** Log probabilities as OpenAI gives them; the only dialect here that has them. */
export interface Logprobs {
  readonly content?: readonly unknown[] | null;
  readonly refusal?: readonly unknown[] | null;
}

/** One answer. Most requests have exactly one, with index 0. */
export interface Candidate {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly stop?: Stop;
  readonly logprobs?: Logprobs;
  readonly rest?: Rest;
}

export interface ChatResponse {
  readonly id: string;
  /** The model as the provider reports it. */
  readonly model: string;
  /** Unix seconds. */
  readonly created?: number;
  readonly candidates: readonly Candidate[];
  readonly usage?: Usage;
  readonly serviceTier?: string;
  readonly rest?: Rest;
}
