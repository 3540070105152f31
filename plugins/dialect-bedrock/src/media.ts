/** What this dialect calls the formats of images, documents and sounds, and their media types. */

const DOCUMENTS: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
  txt: 'text/plain',
  md: 'text/markdown',
};

const IMAGES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

/** Those whose media types are not `audio/` and the format. */
const SOUNDS: Readonly<Record<string, string>> = { mp3: 'audio/mpeg', m4a: 'audio/mp4', mka: 'audio/x-matroska' };

/** Other names that people send, and what they mean. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'application/csv': 'text/csv',
  'text/x-markdown': 'text/markdown',
};

export type MediaKind = 'image' | 'document' | 'audio';

const TABLES: Readonly<Record<MediaKind, Readonly<Record<string, string>>>> = {
  image: IMAGES,
  document: DOCUMENTS,
  audio: SOUNDS,
};

/** The media type of a format; for one that is not known, a name that leads back to it. */
export function mediaTypeOf(kind: MediaKind, format: string): string {
  const table = TABLES[kind];
  if (Object.hasOwn(table, format)) return table[format] as string;
  return `${kind === 'document' ? 'application' : kind}/${format}`;
}

/** The format of a media type; undefined where this dialect has none for it. */
export function formatOf(kind: MediaKind, mediaType: string): string | undefined {
  const [bare = ''] = mediaType.toLowerCase().split(';');
  const type = ALIASES[bare.trim()] ?? bare.trim();
  for (const [format, known] of Object.entries(TABLES[kind])) if (known === type) return format;
  if (kind === 'document' && type.startsWith('text/')) return 'txt';
  return kind === 'audio' && type.startsWith('audio/') ? type.slice('audio/'.length) : undefined;
}
