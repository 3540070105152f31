/** The public declarations of a package, from the `.d.ts` files that were built of it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync, type Comment } from 'oxc-parser';

/** A name that can be imported, with what it is. */
export interface Declared {
  readonly name: string;
  /** The declaration, without its comments. */
  readonly text: string;
}

interface Names {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly source?: { readonly value: string } | null;
  readonly declaration?: Node | null;
  readonly specifiers?: readonly {
    readonly local: { readonly name: string };
    readonly exported: { readonly name: string };
  }[];
  readonly exported?: { readonly name: string } | null;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name: string } | null;
  readonly declarations?: readonly { readonly id: { readonly name: string } }[];
}

interface File {
  readonly path: string;
  readonly text: string;
  readonly comments: readonly Comment[];
  readonly body: readonly (Names & Node)[];
}

const files = new Map<string, File>();

function read(path: string): File {
  const known = files.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, 'utf8');
  const { program, comments } = parseSync(path, text, { lang: 'dts' });
  const file = { path, text, comments, body: program.body as unknown as File['body'] };
  files.set(path, file);
  return file;
}

/** All that the file exports, by name; what comes from other packages is only named. */
export function declarationsOf(path: string): readonly Declared[] {
  const found = new Map<string, string>();
  for (const node of read(path).body) collect(read(path), node, found);
  return [...found].map(([name, text]) => ({ name, text })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function collect(file: File, node: Names & Node, found: Map<string, string>): void {
  if (node.type === 'ExportAllDeclaration') {
    const inner = beside(file, node.source?.value ?? '');
    if (inner === undefined) found.set(`* from ${node.source?.value}`, plain(file, node));
    else for (const { name, text } of declarationsOf(inner)) if (!found.has(name)) found.set(name, text);
  } else if (node.type === 'ExportDefaultDeclaration') {
    const { name } = (node.declaration ?? {}) as { readonly name?: string };
    found.set('default', name === undefined ? plain(file, node) : own(file, name));
  } else if (node.type === 'ExportNamedDeclaration') {
    if (node.declaration) for (const name of namesOf(node.declaration)) found.set(name, plain(file, node));
    for (const { local, exported } of node.specifiers ?? []) found.set(exported.name, aliased(file, node, local.name));
  }
}

/** What a name in `export { name } [from …]` stands for. */
function aliased(file: File, { source }: Names, name: string): string {
  const inner = source ? beside(file, source.value) : file.path;
  if (inner === undefined) return `from '${source?.value}'`;
  if (inner !== file.path)
    return declarationsOf(inner).find((one) => one.name === name)?.text ?? `from '${source?.value}'`;
  return own(file, name);
}

/** The declarations of a name in its own file. */
function own(file: File, name: string): string {
  const nodes = file.body.filter((node) => namesOf(node.declaration ?? node).includes(name));
  return nodes.map((node) => plain(file, node)).join('\n') || name;
}

/** The declarations of a file of the same package; undefined for another package. */
function beside(file: File, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = join(dirname(file.path), specifier.replace(/\.[jt]s$/, '.d.ts'));
  return existsSync(path) ? path : undefined;
}

function namesOf(node: Node): readonly string[] {
  const names = node.declarations?.map(({ id }) => id.name) ?? [];
  return node.id ? [...names, node.id.name] : names;
}

/** The text without comments and needless space, so that only what is declared can change it. */
function plain({ text, comments }: File, { start, end }: Pick<Node, 'start' | 'end'>): string {
  let left = '';
  let at = start;
  for (const comment of comments) {
    if (comment.start < start || comment.end > end) continue;
    left += text.slice(at, comment.start);
    at = comment.end;
  }
  left += text.slice(at, end);
  const lines = left.split('\n').map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== '' && !/^\s*(?:private\s+)?#/.test(line))
    .join('\n')
    .replace(/^(?:export )?(?:declare )?/, '');
}
