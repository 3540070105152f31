/** A configuration as it was written: its value, and where each part of it stands. */
import { isAbsolute, relative } from 'node:path';
import type { SourcePosition } from './normal.ts';
import { pathText, type Path } from './path.ts';

export interface Source {
  /** The absolute path of the file; undefined for a configuration given as an object. */
  readonly file?: string;
  /** The absolute folder that plugins are looked for from. */
  readonly folder: string;
  readonly value: unknown;
  /** Where the value, or the key of it, stands; for something missing, the key of what it is missing from. */
  position(path: Path, part?: 'key' | 'value'): SourcePosition;
}

/** The file as people should see it: relative to the working directory, if it is below it. */
export function shownFile(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}

/** A configuration made by a program, which knows paths but no lines. */
export function objectSource(value: unknown, folder: string, file?: { path: string; shown: string }): Source {
  return {
    ...(file && { file: file.path }),
    folder,
    value,
    position: (path) => ({ ...(file && { file: file.shown }), path: pathText(path) }),
  };
}
