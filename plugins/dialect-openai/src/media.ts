/** Bytes inside JSON: data URLs, the names of audio formats, the names of files. */
import type { Source } from '@gatewright/core';

const DATA_URL = /^data:([^;,]+);base64,/;

/** The source that a URL stands for: the bytes themselves where it is a base64 data URL. */
export function sourceOfUrl(url: string): Source {
  const match = DATA_URL.exec(url);
  if (match === null) return { kind: 'url', url };
  return { kind: 'base64', mediaType: match[1] as string, data: url.slice(match[0].length) };
}

export function dataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

/** `input_audio.format` by media type. The API names wav and mp3; servers that speak its dialect take more. */
const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
  ['audio/flac', 'flac'],
  ['audio/opus', 'opus'],
  ['audio/ogg', 'ogg'],
  ['audio/aac', 'aac'],
  ['audio/mp4', 'm4a'],
  ['audio/webm', 'webm'],
  ['audio/pcm', 'pcm16'],
]);

export function audioFormat(mediaType: string): string | undefined {
  return AUDIO_FORMATS.get(mediaType);
}

export function audioMediaType(format: string): string {
  for (const [mediaType, name] of AUDIO_FORMATS) if (name === format) return mediaType;
  return `audio/${format}`;
}

/** Extensions of the documents that people send, by media type. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['text/plain', 'txt'],
  ['text/markdown', 'md'],
  ['text/html', 'html'],
  ['text/csv', 'csv'],
  ['application/json', 'json'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
]);

/** A name for a file that has none: the API wants one for every file whose data is sent along. */
export function fileName(mediaType: string): string {
  return `document.${EXTENSIONS.get(mediaType) ?? 'bin'}`;
}

/** The media type of a file of this name; PDF where the name does not tell, since that is what the API was made for. */
export function fileMediaType(name: string | undefined): string {
  const extension = name?.slice(name.lastIndexOf('.') + 1).toLowerCase();
  for (const [mediaType, known] of EXTENSIONS) if (known === extension) return mediaType;
  return 'application/pdf';
}
