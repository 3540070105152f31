/** The neutral form of transcription and translation: a sound that is to be written down, and what was said in it. */
import type { Rest } from '../chat/part.ts';
import type { FormFile } from '../form/file.ts';
import type { Usage } from '../usage.ts';

export interface TranscriptionRequest {
  /** The model as the client named it; the target's own name stands in the attempt. */
  readonly model: string;
  /** The sound. Its bytes stay with the exchange. */
  readonly file: FormFile;
  /** The language that is spoken, as ISO 639-1 has it. */
  readonly language?: string;
  /** What came before, or words that may come. */
  readonly prompt?: string;
  /** `json`, `text`, `srt`, as the dialect names it. Absent means the provider's default. */
  readonly format?: string;
  readonly temperature?: number;
  /** For what the times are wanted: `word`, `segment`. */
  readonly timestamps?: readonly string[];
  /** The text is wanted as events. */
  readonly stream: boolean;
  readonly rest?: Rest;
}

export interface TranscriptionResponse {
  /** What was said; of an answer that is not JSON (subtitles, plain text), all of it. */
  readonly text: string;
  /** The content type of an answer that is not JSON. */
  readonly contentType?: string;
  readonly language?: string;
  /** Of the sound, in seconds. */
  readonly duration?: number;
  readonly usage?: Usage;
  /** Words and segments with their times, as the dialect has them. */
  readonly rest?: Rest;
}
