/** The neutral form of a request for embeddings. */
import type { AudioPart, DocumentPart, ImagePart, OpaquePart, Rest, TextPart } from '../chat/part.ts';

/** What may stand in an input that is made of parts. */
export type EmbeddingPart = TextPart | ImagePart | AudioPart | DocumentPart | OpaquePart;

/** One thing to embed: it gets one vector. */
export type EmbeddingInput =
  | { readonly kind: 'text'; readonly text: string }
  /** Text as the token ids of the model's own tokenizer. */
  | { readonly kind: 'tokens'; readonly tokens: readonly number[] }
  /** Text and media together, for models that embed both into one space. */
  | { readonly kind: 'parts'; readonly parts: readonly EmbeddingPart[] };

/** How a vector is written. `base64` is that of its values as 32-bit little-endian floats. */
export type EmbeddingFormat = 'float' | 'base64' | 'int8' | 'uint8' | 'binary' | 'ubinary';

/** What the vectors are for; some models embed a question and what answers it differently. */
export type EmbeddingPurpose =
  | 'query'
  | 'document'
  | 'classification'
  | 'clustering'
  | 'similarity'
  | 'question-answering'
  | 'fact-verification'
  | 'code-query';

export interface EmbeddingsRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  /** In the order in which the vectors are wanted. */
  readonly inputs: readonly EmbeddingInput[];
  /** How many numbers each vector should have. Absent means the model's own size. */
  readonly dimensions?: number;
  /** The formats that each vector is wanted in. Absent means `float`. */
  readonly formats?: readonly EmbeddingFormat[];
  readonly purpose?: EmbeddingPurpose;
  /** What to do with an input that is too long: refuse it, or cut it at its start or end. Absent means the provider's default. */
  readonly truncate?: 'none' | 'start' | 'end';
  /** The title of the documents that are embedded. */
  readonly title?: string;
  /** An id of the client's own end user, for abuse detection. */
  readonly endUser?: string;
  readonly rest?: Rest;
}
