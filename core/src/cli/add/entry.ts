/** Puts an entry behind the plugins of a configuration, and leaves the rest of the text as it is. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, parse, parseDocument, stringify, type Document } from 'yaml';
import { isRecord } from '../../config/path.ts';

export interface NewEntry {
  readonly use: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The text with the entry in it, comments and order kept; undefined where nobody could be sure of the result. */
export function withEntry(text: string, entry: NewEntry, kind: 'yaml' | 'json'): string | undefined {
  if (kind === 'json') return inJson(text, entry);
  const document = parseDocument(text, { merge: true });
  if (document.errors.length > 0) return undefined;
  const before: unknown = document.toJS() ?? {};
  const plugins: unknown = isRecord(before) ? (before['plugins'] ?? []) : undefined;
  if (!isRecord(before) || !Array.isArray(plugins)) return undefined;
  const wanted = { ...before, plugins: [...(plugins as unknown[]), entry] };
  // What was made is read again: of several ways the first is taken that changes nothing else.
  return [insert, begin, append, rewrite].map((way) => way(text, document, entry)).find((made) => means(made, wanted));
}

function means(text: string | undefined, wanted: unknown): boolean {
  if (text === undefined) return false;
  try {
    return isDeepStrictEqual(parse(text, { merge: true }), wanted);
  } catch {
    return false;
  }
}

const lines = (entry: NewEntry): string => stringify([entry], { lineWidth: 0, singleQuote: true });

const indented = (block: string, indent: string): string => block.replaceAll(/^(?=.)/gm, indent);

/** New lines behind the last entry of a list that is written with dashes. */
function insert(text: string, document: Document, entry: NewEntry): string | undefined {
  const list = document.get('plugins', true);
  if (!isSeq(list) || list.flow === true) return undefined;
  const range = (list.items.at(-1) as { range?: readonly number[] } | undefined)?.range;
  if (range === undefined) return undefined;
  const [start = 0, end = 0] = range;
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const indent = /^( *)- /.exec(text.slice(lineStart))?.[1];
  if (indent === undefined) return undefined;
  // A comment behind the last value stays in its line.
  const last = text.slice(0, end).trimEnd().length;
  const next = text.indexOf('\n', last);
  const at = next < 0 ? text.length : next + 1;
  const gap = next < 0 ? '\n' : '';
  return `${text.slice(0, at)}${gap}${indented(lines(entry), indent)}${text.slice(at)}`;
}

/** The first entry below a `plugins:` that has nothing behind it. */
function begin(text: string, _document: Document, entry: NewEntry): string | undefined {
  const [line] = /^plugins:[ \t]*(?:#.*)?\n/m.exec(text) ?? [];
  return line === undefined ? undefined : text.replace(line, () => line + indented(lines(entry), '  '));
}

/** A list of its own at the end of a text that has none. */
function append(text: string, document: Document, entry: NewEntry): string | undefined {
  const { contents } = document;
  const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
  if (!isEmpty && (!isMap(contents) || contents.flow === true || contents.has('plugins'))) return undefined;
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${gap}${text.trim() === '' ? '' : '\n'}plugins:\n${indented(lines(entry), '  ')}`;
}

/** Written anew by the YAML library: comments stay, spaces and quotes may not. */
function rewrite(_text: string, document: Document, entry: NewEntry): string {
  const copy = document.clone();
  const list = copy.get('plugins', true);
  if (isSeq(list)) {
    // An empty list has brackets only because nothing else can be empty.
    if (list.items.length === 0) list.flow = false;
    copy.addIn(['plugins'], copy.createNode(entry));
  } else copy.set('plugins', copy.createNode([entry]));
  return copy.toString({ lineWidth: 0, singleQuote: true });
}

function inJson(text: string, entry: NewEntry): string | undefined {
  try {
    const value = JSON.parse(text) as { plugins?: unknown[] };
    return `${JSON.stringify({ ...value, plugins: [...(value.plugins ?? []), entry] }, undefined, 2)}\n`;
  } catch {
    return undefined;
  }
}
