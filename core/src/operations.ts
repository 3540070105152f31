/** The operations a gateway serves, each with its neutral request, response and stream event. */
import type { SpeechRequest, SpeechResponse } from './audio/speech.ts';
import type { TranscriptionRequest, TranscriptionResponse } from './audio/transcription.ts';
import type { CompletionRequest } from './chat/completion.ts';
import type { ChatEvent } from './chat/event.ts';
import type { ChatRequest } from './chat/request.ts';
import type { ChatResponse } from './chat/response.ts';
import type { EmbeddingsRequest } from './embeddings/request.ts';
import type { EmbeddingsResponse } from './embeddings/response.ts';
import type { ImageEditRequest, ImageVariationRequest } from './images/edit.ts';
import type { ImagesRequest } from './images/request.ts';
import type { ImagesResponse } from './images/response.ts';
import type { KeptAnswer, KeptRequest } from './kept.ts';
import type { ModerationRequest, ModerationResponse } from './moderation.ts';
import type { RerankRequest, RerankResponse } from './rerank.ts';
import type { Usage } from './usage.ts';

/** How many tokens a chat request has. */
export interface TokenCount {
  readonly inputTokens: number;
}

/** A configured model, as the model list shows it. */
export interface ModelEntry {
  readonly id: string;
  /** Unix seconds; the time the gateway's configuration was loaded. */
  readonly created: number;
  readonly ownedBy: string;
  /** A name for people. */
  readonly displayName?: string;
  /** What at least one of its targets serves. */
  readonly operations?: readonly Operation[];
  /** Tokens that fit into it, input and output together: the fewest of all its targets. */
  readonly contextWindow?: number;
  /** The most output tokens of one answer. */
  readonly maxOutput?: number;
  /** What its first target costs. */
  readonly price?: ModelPrice;
}

/** USD per million tokens of each class, as decimal strings. */
export type ModelPrice = { readonly [C in Exclude<keyof Usage, 'raw' | 'units'>]?: string };

export interface ModelList {
  readonly models: readonly ModelEntry[];
}

/** What a model list request asks: all models, or the one named. */
export interface ModelListRequest {
  readonly id?: string;
}

/**
 * The table of operations. A plugin adds one by declaration merging:
 * `declare module '@gatewright/core' { interface Operations { ocr: { request: …; response: …; event: never } } }`.
 */
export interface Operations {
  chat: { request: ChatRequest; response: ChatResponse; event: ChatEvent };
  'count-tokens': { request: ChatRequest; response: TokenCount; event: never };
  /** Continues a text; a target that only chats is given a single text as a user's message. */
  completions: { request: CompletionRequest; response: ChatResponse; event: ChatEvent };
  embeddings: { request: EmbeddingsRequest; response: EmbeddingsResponse; event: never };
  rerank: { request: RerankRequest; response: RerankResponse; event: never };
  moderation: { request: ModerationRequest; response: ModerationResponse; event: never };
  /** Makes images from a text. The events of a stream are the dialect's own. */
  images: { request: ImagesRequest; response: ImagesResponse; event: ChatEvent };
  /** Changes images as a text says. The events of a stream are the dialect's own. */
  'image-edit': { request: ImageEditRequest; response: ImagesResponse; event: ChatEvent };
  'image-variation': { request: ImageVariationRequest; response: ImagesResponse; event: never };
  /** Speaks a text. The events of a stream are the dialect's own. */
  speech: { request: SpeechRequest; response: SpeechResponse; event: ChatEvent };
  /** Writes down what is said in a sound; in a stream, the text is that of a chat's first part. */
  transcription: { request: TranscriptionRequest; response: TranscriptionResponse; event: ChatEvent };
  /** Writes down in English what is said in a sound. */
  translation: { request: TranscriptionRequest; response: TranscriptionResponse; event: never };
  /** Asks for something that a provider keeps, deletes or cancels it. Unmetered. The events of a stream are the dialect's own. */
  kept: { request: KeptRequest; response: KeptAnswer; event: ChatEvent };
  /** Answered by the gateway itself; no target is called. */
  models: { request: ModelListRequest; response: ModelList; event: never };
}

export type Operation = keyof Operations;
export type RequestOf<O extends Operation> = Operations[O]['request'];
export type ResponseOf<O extends Operation> = Operations[O]['response'];
export type EventOf<O extends Operation> = Operations[O]['event'];
