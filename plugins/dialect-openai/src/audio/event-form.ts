/** What distinguishes the streams of speech and of transcription: the names of their events, and what is in a delta. */
import type { Delta, JsonObject, Part, Usage } from '@gatewright/core';
import { textOf } from '../json-value.ts';
import { SPEECH, TRANSCRIPTIONS } from './dialect-id.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

/** How one of the two streams is written. */
export interface EventForm {
  readonly dialect: string;
  readonly delta: string;
  readonly done: string;
  /** The one part that the deltas add to, as it begins. */
  readonly part: Part;
  /** The field of a delta's event that has its content. */
  readonly field: string;
  readDelta(content: string): Delta;
  /** The content of a delta; '' where it is of another kind. */
  writeDelta(delta: Delta): string;
  usage(block: unknown): Usage | undefined;
  /** What the last event says of the whole content. */
  writeDone(content: string): JsonObject;
}

/** `speech.audio.delta` and `speech.audio.done` (https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event). */
export const speechEvents: EventForm = {
  dialect: SPEECH,
  delta: 'speech.audio.delta',
  done: 'speech.audio.done',
  part: { type: 'audio', source: { kind: 'base64', mediaType: '', data: '' } },
  field: 'audio',
  readDelta: (data) => ({ kind: 'audio', data }),
  writeDelta: (delta) => (delta.kind === 'audio' ? (delta.data ?? '') : ''),
  usage: (block) => decodeUsage(block, SPEECH, 'sound'),
  writeDone: () => ({}),
};

/** `transcript.text.delta` and `transcript.text.done` (https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event). */
export const transcriptEvents: EventForm = {
  dialect: TRANSCRIPTIONS,
  delta: 'transcript.text.delta',
  done: 'transcript.text.done',
  part: { type: 'text', text: '' },
  field: 'delta',
  readDelta: (text) => ({ kind: 'text', text }),
  writeDelta: (delta) => (delta.kind === 'text' ? delta.text : ''),
  usage: (block) => decodeUsage(block, TRANSCRIPTIONS, 'text'),
  writeDone: (text) => ({ text }),
};

/** The block of a usage in one of the two streams. */
export function usageBlock(form: EventForm, usage: Usage): JsonObject {
  return encodeUsage(usage, form.dialect);
}

/** The type of an event's data, '' where it has none. */
export function typeOf(data: JsonObject): string {
  return textOf(data['type']) ?? '';
}
