/** Reads the `exports` of a package.json as Node does. Source: https://nodejs.org/api/packages.html#exports */
import { isRecord } from './path.ts';

/** The file that `exports` gives for a subpath (`.` or `./name`); undefined where it gives none. */
export function exportedFile(exports: unknown, subpath: string, conditions: ReadonlySet<string>): string | undefined {
  const isTable = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
  const table: Record<string, unknown> = isTable ? exports : { '.': exports };
  if (Object.hasOwn(table, subpath)) return fileOf(table[subpath], '', conditions);
  // Of several patterns the one with the longest text before its star counts.
  const patterns = Object.keys(table)
    .filter((key) => key.includes('*'))
    .sort((a, b) => b.indexOf('*') - a.indexOf('*'));
  for (const pattern of patterns) {
    const [before = '', after = ''] = pattern.split('*');
    if (subpath.length >= pattern.length && subpath.startsWith(before) && subpath.endsWith(after)) {
      return fileOf(table[pattern], subpath.slice(before.length, subpath.length - after.length), conditions);
    }
  }
  return undefined;
}

function fileOf(target: unknown, star: string, conditions: ReadonlySet<string>): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', () => star);
  if (Array.isArray(target)) return target.map((entry) => fileOf(entry, star, conditions)).find((file) => file);
  if (!isRecord(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!conditions.has(condition)) continue;
    // An explicit null closes the subpath; an object without a match lets the next condition try.
    const file = fileOf(inner, star, conditions);
    if (file !== undefined || inner === null) return file;
  }
  return undefined;
}

/** The conditions under which this process imports packages, with those of `--conditions` on the command line. */
export function activeConditions(
  execArgv: readonly string[] = process.execArgv,
  nodeOptions: string | undefined = process.env['NODE_OPTIONS'],
): ReadonlySet<string> {
  const words = [...(nodeOptions?.split(/\s+/) ?? []), ...execArgv];
  const asked = words.flatMap((word, index) => {
    const [flag, value] = word.split('=', 2);
    if (flag !== '--conditions' && flag !== '-C') return [];
    return [value ?? words[index + 1] ?? ''];
  });
  return new Set([...asked, 'node', 'import', 'module-sync', 'node-addons', 'default']);
}
