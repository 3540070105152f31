/** A fault of a provider, and what everybody must see of it. */
import type { GatewayConfig } from '@gatewright/core';
import type { Step } from './server.ts';

/** How the caller's request must end. */
export type Ending =
  /** The whole answer, of the first target or of the second. */
  | 'first'
  | 'second'
  /** A status and no answer. */
  | { readonly status: number; readonly says?: RegExp }
  /** The beginning of an answer, and then one error. */
  | { readonly breaks: string; readonly says?: RegExp };

export interface LabCase {
  readonly name: string;
  /** What the first target does, request by request; the last one stays. */
  readonly first: readonly (readonly Step[])[] | Elsewhere;
  /** The second target; default: it answers well. `none`: the model has only one target. */
  readonly second?: readonly (readonly Step[])[] | 'none';
  readonly streamed: boolean;
  /** The provider plugin of the first target. Default `openai`. */
  readonly provider?: 'openai' | 'anthropic' | 'gemini' | 'bedrock' | 'cohere' | 'ollama';
  readonly config?: Partial<GatewayConfig>;
  /** Settings of the model that is asked for. */
  readonly model?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ends: Ending;
  /** How often each target must have been asked: `1+1`. */
  readonly asked: string;
  /** The least time between the first two requests to the first target, in milliseconds. */
  readonly pause?: number;
  /** What the fault takes by itself, in milliseconds: a timeout, a pause that was asked for. */
  readonly own?: number;
  /** The text that the caller gets, where it is not the provider's. */
  readonly text?: string;
  /** The answer tells no usage: it is estimated. */
  readonly untold?: boolean;
}

/** Not the first server but this address. */
export interface Elsewhere {
  readonly url: string;
}
