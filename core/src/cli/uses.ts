/** The plugins that a configuration names, read without judging the rest of it. */
import { isRecord } from '../config/path.ts';
import { importModule } from '../config/plugin-module.ts';
import { readFile, type Unreadable } from '../config/read.ts';

export interface NamedEntry {
  readonly use: string;
  /** Its id, where it has one. */
  readonly id?: string;
  /** The condition that may switch it off. */
  readonly if?: string;
}

export interface Uses {
  /** The folder that packages are looked for from. */
  readonly folder: string;
  /** The absolute path of the file. */
  readonly file: string | undefined;
  readonly entries: readonly NamedEntry[];
  /** How many entries there are, also such as name no package and no path. */
  readonly count: number;
}

/** Entries that name no package and no path are left out: they are reported by whoever checks the whole. */
export async function usesOf(config: string, cwd: string): Promise<Uses | Unreadable> {
  const source = await readFile(config, cwd, importModule);
  if ('problems' in source) return source;
  const list: unknown = isRecord(source.value) ? source.value['plugins'] : undefined;
  const all: unknown[] = Array.isArray(list) ? list : [];
  const entries = all.filter((entry): entry is NamedEntry => isRecord(entry) && typeof entry['use'] === 'string');
  return {
    folder: source.folder,
    file: source.file,
    count: all.length,
    entries: entries.map(entryOf),
  };
}

function entryOf({ use, id, if: condition }: NamedEntry): NamedEntry {
  return { use, ...(typeof id === 'string' && { id }), ...(typeof condition === 'string' && { if: condition }) };
}
