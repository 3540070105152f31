/** The rules of how large files may be and what they may be called. */
import { posix } from 'node:path';
import type { Finding } from './finding.ts';
import { isCore, isSource, type TextFile } from './tree.ts';

/** Lines of one source file; the linter holds functions to 60. */
export const MAX_LINES = 300;

/**
 * Lines of `core/src` without its tests and without the neutral form in `chat/`. The aim is 2,500: lower this as the
 * core shrinks towards it, and put what does not fit into a plugin.
 */
export const CORE_BUDGET = 25_750;

/** Names that say nothing about what is inside, and so collect everything. */
const EMPTY_NAMES = /^(?:utils?|helpers?|common|misc|managers?)$/i;

export const countLines = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** Finds source files that are too long to hold one subject. */
export function longFiles(files: readonly TextFile[]): Finding[] {
  return files
    .filter((file) => isSource(file.path) && countLines(file.text) > MAX_LINES)
    .map(({ path, text }) => ({
      path,
      line: MAX_LINES + 1,
      message: `has ${countLines(text)} lines, ${MAX_LINES} are allowed: split it by subject.`,
    }));
}

/** Finds files and folders with a name that says nothing. */
export function emptyNames(files: readonly TextFile[]): Finding[] {
  return files
    .filter((file) => isSource(file.path))
    .map((file) => ({ path: file.path, word: words(file.path).find((word) => EMPTY_NAMES.test(word)) }))
    .filter(({ word }) => word !== undefined)
    .map(({ path, word }) => ({ path, line: 1, message: `is called "${word}": name the thing that it holds.` }));
}

/** `core/src/PoolManager.test.ts` → core, src, Pool, Manager, test, ts. */
const words = (path: string): string[] => path.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).filter((word) => word !== '');

/** The lines of the core that count against its budget. */
export function coreLines(files: readonly TextFile[]): number {
  const counted = files.filter(({ path }) => isCore(path) && !path.startsWith('core/src/chat/'));
  return counted.reduce((sum, file) => sum + countLines(file.text), 0);
}

/** The heaviest folders of the core, for the message when the budget is spent. */
export function coreFolders(files: readonly TextFile[]): string[] {
  const sums = new Map<string, number>();
  for (const file of files) {
    if (!isCore(file.path)) continue;
    const folder = posix.dirname(file.path);
    sums.set(folder, (sums.get(folder) ?? 0) + countLines(file.text));
  }
  return [...sums].toSorted((a, b) => b[1] - a[1]).map(([folder, lines]) => `${folder} ${lines}`);
}
