/** Reads YAML and JSON text into a source that knows the line and column of everything. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Alias, Document, Pair, Scalar, YAMLError, YAMLMap } from 'yaml';
import type { Problem, SourcePosition } from './normal.ts';
import { pathText, type Path } from './path.ts';
import type { Fault } from './problems.ts';
import type { Source } from './source.ts';

interface Place {
  readonly file: string;
  readonly shown: string;
  readonly folder: string;
}

/** A source, or the problems that keep the text from being one. Several syntax errors are reported at once. */
export function parseYaml(text: string, place: Place): Source | { readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number, path: Path): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file: place.shown, line, column: col, path: pathText(path) };
  };
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) =>
    Object.assign({ position: at(error.pos[0], []) }, syntaxFault(error)),
  );
  if (problems.length === 0) {
    for (const [offset, fault] of referenceFaults(document)) problems.push({ position: at(offset, []), ...fault });
  }
  if (problems.length > 0) return { problems };
  try {
    const value: unknown = document.toJS();
    const position: Source['position'] = (path, part = 'value') => at(offsetOf(document, path, part), path);
    return { file: place.file, folder: place.folder, value, position };
  } catch {
    const message = 'the anchors of this file repeat too much of each other to be read';
    return { problems: [{ position: at(0, []), message }] };
  }
}

/** The parser's own words may quote the text, which may be secret: so only those that do not are used. */
function syntaxFault(error: YAMLError): Fault {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return { message: 'this key stands here twice', help: 'remove one of the two, or give it another name' };
    case 'TAG_RESOLVE_FAILED':
      return {
        message: 'a value that begins with "!" is a YAML tag, and none is known here',
        help: `put the value in quotes: if: "!env.NAME"`,
      };
    case 'BAD_SCALAR_START':
      return { message: 'a value cannot begin with this character', help: 'put the value in quotes' };
    case 'TAB_AS_INDENT':
      return { message: 'tabs cannot indent YAML', help: 'indent with spaces' };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'there is a second ":" in this line',
        help: 'put the value in quotes, or in a line of its own',
      };
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        message: 'this line is neither "key: value" nor "- entry"',
        help: 'is there a ":" missing after the key?',
      };
    case 'BAD_INDENT':
      return {
        message: 'the indentation does not fit the lines above',
        help: 'align it, or close the bracket above it',
      };
    case 'MULTIPLE_DOCS':
      return { message: 'a second document begins here', help: 'keep one configuration per file: remove the "---"' };
    case 'MISSING_CHAR':
      if (error.message.includes('quote')) return { message: 'a quote is never closed' };
      return { message: error.message.toLowerCase() };
    default:
      return { message: error.message.replace(/: .*$/s, '').replace(/^[A-Z](?=[a-z])/, (a) => a.toLowerCase()) };
  }
}

/** Aliases that lead nowhere or into themselves, and keys that are not words; the parser lets these pass. */
function referenceFaults(document: Document): [offset: number, fault: Fault][] {
  const faults: [number, Fault][] = [];
  visit(document, {
    Alias(_, alias: Alias, ancestors) {
      const meant = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (meant === undefined) {
        faults.push([
          offset,
          { message: `no anchor &${alias.source} stands before this`, help: 'define it further up' },
        ]);
      } else if (ancestors.includes(meant)) faults.push([offset, { message: 'this anchor contains itself' }]);
    },
    Pair(_, pair) {
      if (!isScalar(pair.key)) faults.push([startOf(pair.key) ?? 0, { message: 'a key must be a plain word' }]);
    },
  });
  return faults;
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] } | null | undefined)?.range?.[0];
}

// `key:` without a value.
function isNothing(node: unknown): boolean {
  return isScalar(node) && node.range?.[0] === node.range?.[1];
}

function offsetOf(document: Document, path: Path, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isAlias(node)) node = node.resolve(document);
    if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      const pair = isMap(node) ? pairOf(node, String(step), document) : undefined;
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
      if (last && part === 'value' && !isNothing(node)) return startOf(node) ?? offset;
    }
    if (node === undefined) return offset;
  }
  return offset;
}

// The parser makes a symbol of the merge key.
function nameOf({ value }: Scalar): string {
  return typeof value === 'symbol' ? (value.description ?? '') : String(value);
}

/** The pair of a key: the map's own, or one that `<<` brings in. */
function pairOf(map: YAMLMap, key: string, document: Document): Pair | undefined {
  const named = (name: string): Pair | undefined =>
    map.items.find((pair) => isScalar(pair.key) && nameOf(pair.key) === name);
  const own = named(key);
  if (own) return own;
  const merged = named('<<')?.value;
  for (const entry of isSeq(merged) ? merged.items : [merged]) {
    const node = isAlias(entry) ? entry.resolve(document) : entry;
    const found = isMap(node) ? pairOf(node, key, document) : undefined;
    if (found) return found;
  }
  return undefined;
}
