/** The neutral form of moderation: what in a text or an image a provider's rules would not allow. */
import type { ImagePart, OpaquePart, Rest, TextPart } from './chat/part.ts';
import type { Usage } from './usage.ts';

/** One thing to judge: it gets one result. */
export type ModerationInput =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parts'; readonly parts: readonly (TextPart | ImagePart | OpaquePart)[] };

export interface ModerationRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  readonly inputs: readonly ModerationInput[];
  readonly rest?: Rest;
}

export interface ModerationResult {
  readonly flagged: boolean;
  /** Whether each of the provider's categories applies. */
  readonly categories: Readonly<Record<string, boolean | null>>;
  /** How sure the provider is of each, from 0 to 1. */
  readonly scores: Readonly<Record<string, number | null>>;
  readonly rest?: Rest;
}

export interface ModerationResponse {
  readonly id: string;
  readonly model: string;
  /** One per input, in the order of the inputs. */
  readonly results: readonly ModerationResult[];
  readonly usage?: Usage;
  readonly rest?: Rest;
}
