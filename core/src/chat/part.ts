/**
 * The parts that messages are made of.
 *
 * Every part carries what all dialects can say about it in named fields, and what only its own
 * dialect can say in `rest`. A codec puts `rest` back when it writes the dialect named in `origin`,
 * and refuses or drops it (never silently) for another.
 */

/** Fields that only one dialect knows, with the dialect that they came from. */
export interface Rest {
  readonly dialect: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A mark that the prompt up to here should be cached. `ttl` as Anthropic names it; absent means the provider's default. */
export interface CacheMark {
  readonly ttl?: '5m' | '1h';
}

/** Where the bytes of an image, document or sound are. `base64` data is without the `data:` prefix. */
export type Source =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'text'; readonly mediaType: string; readonly text: string }
  /** Uploaded before. `origin` is the dialect of the provider that has it: the id means nothing to another. */
  | { readonly kind: 'file'; readonly id: string; readonly origin?: string }
  | { readonly kind: 'parts'; readonly parts: readonly Part[] };

interface PartBase {
  readonly cache?: CacheMark;
  readonly rest?: Rest;
}

export interface TextPart extends PartBase {
  readonly type: 'text';
  readonly text: string;
  /** Citations or annotations in the shape of the dialect named in `dialect`. */
  readonly citations?: { readonly dialect: string; readonly items: readonly unknown[] };
}

export interface ImagePart extends PartBase {
  readonly type: 'image';
  readonly source: Source;
  /** OpenAI's `detail`: how closely the model should look. */
  readonly detail?: string;
}

export interface DocumentPart extends PartBase {
  readonly type: 'document';
  readonly source: Source;
  readonly title?: string;
  readonly context?: string;
}

export interface AudioPart extends PartBase {
  readonly type: 'audio';
  readonly source: Source;
  /** What was said, where the provider tells. */
  readonly transcript?: string;
}

/** A call of one of the client's own tools. `arguments` is JSON text exactly as the model wrote it. */
export interface ToolCallPart extends PartBase {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface ToolResultPart extends PartBase {
  readonly type: 'tool-result';
  readonly id: string;
  readonly parts: readonly Part[];
  readonly isError?: boolean;
}

/** The model's thinking. `signature` and `redacted` are opaque and belong to `origin` alone: they are never sent to another. */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning';
  readonly text: string;
  readonly signature?: string;
  readonly redacted?: string;
  readonly origin: string;
}

export interface RefusalPart extends PartBase {
  readonly type: 'refusal';
  readonly text: string;
}

/** A part that only its own dialect can express: server-side tools, containers, compaction. Kept whole. */
export interface OpaquePart extends PartBase {
  readonly type: 'opaque';
  readonly dialect: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export type Part =
  | TextPart
  | ImagePart
  | DocumentPart
  | AudioPart
  | ToolCallPart
  | ToolResultPart
  | ReasoningPart
  | RefusalPart
  | OpaquePart;
