/** The neutral form of speech: a text that is to be spoken, and its sound. */
import type { Rest } from '../chat/part.ts';

export interface SpeechRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  /** The text to speak. */
  readonly input: string;
  /** A voice by its name, or by the id that the provider gave it. */
  readonly voice?: string | { readonly id: string };
  /** `mp3`, `wav`, as the dialect names it. Absent means the provider's default. */
  readonly format?: string;
  /** 1 is the voice's own. */
  readonly speed?: number;
  /** How the text is to be spoken. */
  readonly instructions?: string;
  /** The sound is wanted as events, with usage at the end; else as bytes, which are streamed as well. */
  readonly stream: boolean;
  readonly rest?: Rest;
}

export interface SpeechResponse {
  /** `audio/mpeg`. */
  readonly contentType: string;
  /** The whole sound. */
  readonly audio: Buffer;
}
