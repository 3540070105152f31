/** Documents that an answer may cite: `documents` of a request, and those in the results of tools. */
import type { DocumentPart, JsonObject, Part } from '@gatewright/core';
import { CHAT } from './names.ts';
import { isObject, type Reading } from './reading.ts';
import { compact, hint } from './rest.ts';
import type { Writing } from '@gatewright/core/wire';

/** The fields that the text of a document is mostly found in. Where one is alone, its name says nothing to the model. */
const TEXT: ReadonlySet<string> = new Set(['text', 'snippet', 'content']);

/** Reads a document: a string, or an object with `data` and maybe an `id`. The value itself is kept as the hint `$document`. */
export function decodeDocument(value: unknown, at: Reading): DocumentPart {
  if (typeof value !== 'string' && !isObject(value)) throw at.fail('must be a string or an object');
  const { title, text } = contentOf(value);
  return {
    type: 'document',
    source: { kind: 'text', mediaType: 'text/plain', text },
    ...(title === undefined ? {} : { title }),
    rest: { dialect: CHAT, fields: { $document: value } },
  };
}

/** What a document says: names and values of all its fields go to the model, so both are in the text. */
function contentOf(value: string | JsonObject): { title: string | undefined; text: string } {
  if (typeof value === 'string') return { title: undefined, text: value };
  const { data } = value;
  if (!isObject(data)) return { title: undefined, text: typeof data === 'string' ? data : '' };
  const title = typeof data['title'] === 'string' ? data['title'] : undefined;
  const fields = Object.entries(data).filter(([key]) => key !== 'title' || title === undefined);
  const [only, ...others] = fields;
  if (only !== undefined && others.length === 0 && TEXT.has(only[0]) && typeof only[1] === 'string') {
    return { title, text: only[1] };
  }
  const lines = fields.map(([key, told]) => `${key}: ${typeof told === 'string' ? told : JSON.stringify(told)}`);
  return { title, text: lines.join('\n') };
}

/** The document as it came, unless it was changed since; undefined, once that is said, where there is no text in it. */
export function encodeDocument(part: DocumentPart, at: Writing): string | JsonObject | undefined {
  const came = hint(part.rest, '$document') as string | JsonObject | undefined;
  const text = textOf(part, at);
  if (text === undefined) return undefined;
  if (came !== undefined) {
    const said = contentOf(came);
    if (said.text === text && said.title === part.title) return came;
    if (typeof came === 'string') return text;
  }
  const data = compact({ title: part.title, text, context: part.context });
  return { ...(came === undefined ? at.complete({}, part.rest) : compact({ id: came['id'] })), data };
}

function textOf({ source }: DocumentPart, at: Writing): string | undefined {
  switch (source.kind) {
    case 'text':
      return source.text;
    case 'base64':
      if (source.mediaType.startsWith('text/')) return Buffer.from(source.data, 'base64').toString('utf8');
      break;
    case 'parts':
      if (source.parts.every(isText)) return source.parts.map((part) => part.text).join('\n');
      break;
    default:
  }
  at.unsupported('Documents are text in this dialect.');
  return undefined;
}

function isText(part: Part): part is Extract<Part, { type: 'text' }> {
  return part.type === 'text';
}
