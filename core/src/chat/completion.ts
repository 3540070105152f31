/**
 * The neutral form of a request to continue a text, the operation that chat took over from.
 *
 * The answer is a chat's: every candidate has one text part; its index counts through the prompts, and through the
 * candidates of each prompt.
 */
import type { Rest } from './part.ts';

export type CompletionPrompt =
  | { readonly kind: 'text'; readonly text: string }
  /** Text as the token ids of the model's own tokenizer. */
  | { readonly kind: 'tokens'; readonly tokens: readonly number[] };

export interface CompletionRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  readonly prompts: readonly CompletionPrompt[];
  readonly stream: boolean;
  /** The client asked for usage in the stream. */
  readonly streamUsage?: boolean;
  /** What stands behind the text that is to be filled in. */
  readonly suffix?: string;
  /** The answer should begin with the prompt. */
  readonly echo?: boolean;
  readonly maxOutput?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** How many alternative answers are wanted to each prompt. Absent means one. */
  readonly candidates?: number;
  /** How many candidates are made, of which the best are given. */
  readonly bestOf?: number;
  /** How many of the likeliest tokens are told with each token. */
  readonly logprobs?: number;
  /** An id of the client's own end user, for abuse detection. */
  readonly endUser?: string;
  readonly rest?: Rest;
}
