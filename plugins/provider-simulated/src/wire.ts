/** What a dialect's own hand must be able to write. */
import type { JsonObject } from '@gatewright/core';
import type { Answer } from './answer.ts';
import type { Piece } from './piece.ts';
import type { Prompt } from './prompt.ts';

/** One reply to be written. */
export interface Writing {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly prompt: Prompt;
  /** False where the provider keeps its usage to itself. */
  readonly usage: boolean;
  /** One for each candidate. */
  readonly answers: readonly Answer[];
}

/** An error of the simulated provider. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly param?: string;
  /** The prompt was longer than the model can take. */
  readonly tooLong?: boolean;
}

export interface Wire {
  /** The header that carries the id of a request. */
  readonly idHeader: string;
  /** The content type of a reply. Default: JSON, or server-sent events. What is not text is written one character a byte. */
  readonly contentType?: (prompt: Prompt) => string;
  /** Throws `InvalidRequest`. */
  read(body: JsonObject): Prompt;
  /** The body of a reply that is no stream. */
  whole(writing: Writing): string;
  /** The events of a stream. */
  stream(writing: Writing): Piece[];
  /** The body of an error reply. */
  failure(failure: Failure): string;
  /** An error as an event of a stream. */
  failureEvent(failure: Failure): string;
  /** An event whose data is no JSON. */
  readonly malformedEvent: string;
}
