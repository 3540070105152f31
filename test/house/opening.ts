/** The rules of how a file introduces itself, and of the test that stands beside it. */
import { posix } from 'node:path';
import type { Finding } from './finding.ts';
import { parse } from './source.ts';
import { isCore, isPlugin, isTest, type TextFile } from './tree.ts';

/** A test of the name of the file beside it has said what it is for. */
const SPEAKS = /^(?:core|plugins\/[^/]+)\/src\/.*\.test\.ts$/;

/** Finds source files that do not begin by saying what they are for. */
export function wordless(files: readonly TextFile[]): Finding[] {
  return files
    .filter((file) => file.path.endsWith('.ts') && !SPEAKS.test(file.path) && !opens(file))
    .map(({ path }) => ({
      path,
      line: 1,
      message: 'must begin with a doc comment of one sentence: what the file is for.',
    }));
}

/** Only the line that names an interpreter may come before. */
function opens(file: TextFile): boolean {
  const start = file.text.startsWith('#!') ? file.text.indexOf('\n') + 1 : 0;
  return parse(file).comments.some(
    (comment) => comment.type === 'Block' && comment.value.startsWith('*') && comment.start === start,
  );
}

/** Finds folders of published code that have no test at all. Folders of types alone need none. */
export function untested(files: readonly TextFile[]): Finding[] {
  const tested = new Set(files.filter(({ path }) => isTest(path)).map(({ path }) => posix.dirname(path)));
  const folders = new Set<string>();
  for (const file of files) {
    if ((isCore(file.path) || isPlugin(file.path)) && runs(file)) folders.add(posix.dirname(file.path));
  }
  return [...folders]
    .filter((folder) => !tested.has(folder))
    .map((path) => ({
      path,
      line: 1,
      message: 'has no test: put one beside the file it tests, `x.test.ts` to `x.ts`.',
    }));
}

/** Whether anything is left of a file when the types are gone. */
const runs = (file: TextFile): boolean =>
  parse(file).program.body.some((node) => {
    if (node.type === 'ExportNamedDeclaration') return node.exportKind !== 'type';
    if (node.type === 'ExportAllDeclaration') return false;
    return !node.type.startsWith('TS') && node.type !== 'ImportDeclaration';
  });

/** Finds tests of published code that stand alone: `x.test.ts` and `x.<subject>.test.ts` belong beside `x.ts`. */
export function strayTests(files: readonly TextFile[]): Finding[] {
  const paths = new Set(files.map(({ path }) => path));
  return files
    .filter(({ path }) => /^(?:core|plugins\/[^/]+)\/src\/.*\.test\.ts$/.test(path))
    .filter(({ path }) => !paths.has(path.replace(/(?:\.[^./]+)*\.test\.ts$/, '.ts')))
    .map(({ path }) => ({
      path,
      line: 1,
      message: 'has nothing of its name beside it: call it after the file it tests.',
    }));
}
