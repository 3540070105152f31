/** A source file taken apart: syntax tree, comments and imports. */
import { parseSync, Visitor, type Comment, type Program, type VisitorObject } from 'oxc-parser';
import type { Finding } from './finding.ts';
import type { TextFile } from './tree.ts';

/** One module that a file asks for. */
export interface Import {
  /** What it asks for, as written. */
  readonly from: string;
  /** Nothing is left of it when the types are gone. */
  readonly typeOnly: boolean;
  /** The names it takes, as the other module calls them; empty for `import x`, `import *` and `export *`. */
  readonly names: readonly string[];
  readonly offset: number;
}

export interface Source {
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
}

const parsed = new WeakMap<TextFile, Source>();

/** Parses a file once, however many rules look at it. Throws an Error that names the file if it is not a program. */
export function parse(file: TextFile): Source {
  let source = parsed.get(file);
  if (source === undefined) parsed.set(file, (source = parseAfresh(file)));
  return source;
}

function parseAfresh(file: TextFile): Source {
  const { program, comments, errors } = parseSync(file.path, file.text);
  if (errors[0] !== undefined) throw new Error(`${file.path} does not parse: ${errors[0].message}`);
  return { program, comments, imports: importsOf(program) };
}

function importsOf(program: Program): Import[] {
  const found: Import[] = [];
  const add = (from: string, typeOnly: boolean, offset: number, names: readonly string[] = []): void => {
    found.push({ from, typeOnly, names, offset });
  };
  visit(program, {
    ImportDeclaration(node) {
      const names = node.specifiers.map((one) => (one.type === 'ImportSpecifier' ? nameOf(one.imported) : ''));
      add(
        node.source.value,
        node.importKind === 'type',
        node.start,
        names.filter((name) => name !== ''),
      );
    },
    ExportNamedDeclaration(node) {
      const names = node.specifiers.map((one) => nameOf(one.local));
      if (node.source !== null) add(node.source.value, node.exportKind === 'type', node.start, names);
    },
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === 'type', node.start),
    ImportExpression(node) {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string')
        add(node.source.value, false, node.start);
    },
    TSImportType: (node) => add(node.source.value, true, node.start),
  });
  return found.toSorted((a, b) => a.offset - b.offset);
}

const nameOf = (name: { name: string } | { value: string }): string => ('name' in name ? name.name : name.value);

/** Walks a syntax tree. */
export function visit(program: Program, visitor: VisitorObject): void {
  new Visitor(visitor).visit(program);
}

/** A finding at an offset into a file's text. */
export function at(file: TextFile, offset: number, message: string): Finding {
  return { path: file.path, line: file.text.slice(0, offset).split('\n').length, message };
}
