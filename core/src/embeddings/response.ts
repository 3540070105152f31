/** The neutral form of an answer with embeddings. */
import type { Rest } from '../chat/part.ts';
import type { Usage } from '../usage.ts';

/**
 * The vector of one input, in each format that the provider gave; {@link vectorAs} makes another of what is there.
 * `int8` and `uint8` have one number per dimension, `binary` and `ubinary` one per eight dimensions, packed into a
 * signed or unsigned byte.
 */
export interface Embedding {
  readonly float?: readonly number[];
  readonly base64?: string;
  readonly int8?: readonly number[];
  readonly uint8?: readonly number[];
  readonly binary?: readonly number[];
  readonly ubinary?: readonly number[];
  readonly rest?: Rest;
}

export interface EmbeddingsResponse {
  /** '' where the dialect has none. */
  readonly id: string;
  /** The model as the provider reports it; '' where it does not. */
  readonly model: string;
  /** One per input, in the order of the inputs. */
  readonly embeddings: readonly Embedding[];
  readonly usage?: Usage;
  readonly rest?: Rest;
}
