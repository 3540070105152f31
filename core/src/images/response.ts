/** The neutral form of an answer with images. */
import type { Rest } from '../chat/part.ts';
import type { Usage } from '../usage.ts';

export interface GeneratedImage {
  readonly url?: string;
  readonly base64?: string;
  /** The prompt that the provider really used. */
  readonly revisedPrompt?: string;
  readonly rest?: Rest;
}

export interface ImagesResponse {
  /** Unix seconds. */
  readonly created?: number;
  readonly images: readonly GeneratedImage[];
  readonly usage?: Usage;
  readonly rest?: Rest;
}
