/** The neutral form of reranking: documents put into the order of how well they answer a query. */
import type { Rest } from './chat/part.ts';
import type { Usage } from './usage.ts';

/** A document: its text, or an object whose `text` (or the fields in `rankFields`) is judged. */
export type RerankDocument = string | Readonly<Record<string, unknown>>;

export interface RerankRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  readonly query: string;
  readonly documents: readonly RerankDocument[];
  /** How many results are wanted. Absent means all. */
  readonly topN?: number;
  /** Whether the results should hold their documents. Absent means the provider's default. */
  readonly returnDocuments?: boolean;
  /** How much of a document is judged, in tokens. */
  readonly maxTokensPerDocument?: number;
  /** The fields of documents that are objects which are judged, in order. */
  readonly rankFields?: readonly string[];
  readonly rest?: Rest;
}

export interface RerankResult {
  /** The document's place in the request, from 0. */
  readonly index: number;
  /** Higher is better; most providers give a number from 0 to 1. */
  readonly relevanceScore: number;
  readonly document?: RerankDocument;
  readonly rest?: Rest;
}

export interface RerankResponse {
  /** '' where the dialect has none. */
  readonly id: string;
  /** The model as the provider reports it; '' where it does not. */
  readonly model: string;
  /** Best first. */
  readonly results: readonly RerankResult[];
  /** Tokens, or `units.searches`: what the provider bills. */
  readonly usage?: Usage;
  readonly rest?: Rest;
}
