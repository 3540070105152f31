/** Material that tests compare with and that no package holds: recorded traffic, and schemas as their owners publish them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing out of the material, with the name to show where it does not fit. */
export interface Recorded<T> {
  readonly name: string;
  readonly value: T;
}

export interface Material {
  /** Whether all of it is there. */
  readonly found: boolean;
  /** Why the tests that need it are skipped, to be put behind their names; empty where it is there. */
  readonly absence: string;
  /** The files of a folder that fit, in order, as paths that `text` takes; none where the material is not there. */
  list(folder: string, pattern: RegExp): string[];
  /** The text of a file. Throws where there is none. */
  text(path: string): string;
  /** The value of a file of JSON. Throws where it is none. */
  json(path: string): unknown;
}

/** Recorded traffic of real APIs: in the folder that `GATEWRIGHT_RECORDINGS` names, else beside the repository. */
export function recordings(...needed: readonly string[]): Material {
  return material('GATEWRIGHT_RECORDINGS', process.env['GATEWRIGHT_RECORDINGS'], 'recordings', needed);
}

/** Schemas as their owners publish them: in the folder that `GATEWRIGHT_SPECS` names, else beside the repository. */
export function specs(...needed: readonly string[]): Material {
  return material('GATEWRIGHT_SPECS', process.env['GATEWRIGHT_SPECS'], 'specs', needed);
}

/** Where a recorder has put Base64 in place of a body that is no text, it says so. */
export function bytesOf(body: string): Buffer {
  return body.startsWith('base64:') ? Buffer.from(body.slice(7), 'base64') : Buffer.from(body);
}

function material(variable: string, set: string | undefined, name: string, needed: readonly string[]): Material {
  const root = set ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', name);
  const missing = needed.filter((path) => !existsSync(join(root, path)));
  const found = existsSync(root) && missing.length === 0;
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');
  return {
    found,
    absence: found ? '' : ` (skipped: no ${missing.join(', ') || name} at ${root}; set ${variable})`,
    list(folder, pattern) {
      if (!found) return [];
      const names = readdirSync(join(root, folder)).filter((file) => pattern.test(file));
      return names.toSorted().map((file) => join(folder, file));
    },
    text,
    json: (path) => JSON.parse(text(path)) as unknown,
  };
}
