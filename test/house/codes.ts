/** The rules that keep the table of error codes, its uses and its mentions together. */
import type { Finding } from './finding.ts';
import { at, parse, visit } from './source.ts';
import { isCore, isPlugin, type TextFile } from './tree.ts';

const TABLE = 'core/src/errors.ts';
const CODE = /\bGW_[A-Z]+(?:_[A-Z]+)*\b/g;

/** Codes that wait for the plugin that will raise them, and which one that is. Take a code out when it is used. */
export const WAITING: Readonly<Record<string, string>> = {};

/** Finds codes in code and documents that the table does not have. */
export function unknownCodes(files: readonly TextFile[], codes: readonly string[]): Finding[] {
  const known = new Set(codes);
  const where = ({ path }: TextFile): boolean => isCore(path) || isPlugin(path) || path.endsWith('.md');
  return files
    .filter(where)
    .flatMap((file) =>
      [...file.text.matchAll(CODE)]
        .filter(([code]) => !known.has(code))
        .map(({ 0: code, index }) =>
          at(file, index, `names ${code}: add it to ERROR_CODES in ${TABLE}, or mend the name.`),
        ),
    );
}

/** Finds codes that nothing raises, and codes that wait though something raises them. */
export function unusedCodes(
  files: readonly TextFile[],
  codes: readonly string[],
  waiting: Readonly<Record<string, string>> = WAITING,
): Finding[] {
  const used = new Set(files.flatMap(codesIn));
  const line = 1;
  const unused = codes
    .filter((code) => !used.has(code) && !Object.hasOwn(waiting, code))
    .map((code) => ({ path: TABLE, line, message: `has ${code}, which nothing raises: raise it or take it out.` }));
  const over = Object.keys(waiting)
    .filter((code) => used.has(code) || !codes.includes(code))
    .map((code) => ({
      path: 'test/house/codes.ts',
      line,
      message: `lets ${code} wait, but its time has come: take it out.`,
    }));
  return [...unused, ...over];
}

/** The codes that stand as strings in published code; the table's own keys are no strings. */
function codesIn(file: TextFile): string[] {
  if (!isCore(file.path) && !isPlugin(file.path)) return [];
  const found: string[] = [];
  visit(parse(file).program, {
    Literal(node) {
      if (typeof node.value === 'string') found.push(...(node.value.match(CODE) ?? []));
    },
  });
  return found;
}
