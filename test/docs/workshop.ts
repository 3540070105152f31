/** A folder inside the repository, ignored by git, where blocks of documents become files: packages resolve from it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../house/tree.ts';
import type { Block } from './blocks.ts';

/** The extension of the files that blocks of a language become. */
const EXTENSIONS: Readonly<Record<string, string>> = { ts: 'ts', yaml: 'yaml', sh: 'sh', json: 'json' };

export class Workshop {
  /** An absolute path. */
  readonly folder: string;
  readonly #blocks = new Map<string, Block>();

  /** `name` keeps the workshops of tests that run at the same time apart. */
  constructor(name: string) {
    this.folder = join(ROOT, 'test', '.blocks', name);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /**
   * Writes a block to a file and answers with its absolute path. Blocks of one document share a folder, so that a
   * configuration finds the files that the document shows beside it.
   */
  add(block: Block, text: string = block.text): string {
    const document = block.path.replaceAll(/[^\w]+/g, '-');
    const name = block.file ?? `line-${block.line}.${EXTENSIONS[block.language] ?? 'txt'}`;
    const path = join(this.folder, document, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    this.#blocks.set(path, block);
    return path;
  }

  /** Writes a file that no document shows. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Where a line of a written file stands in its document: `README.md:12`. */
  origin(path: string, line: number): string {
    const block = this.#blocks.get(path);
    return block === undefined ? `${path}:${line}` : `${block.path}:${block.line + line - 1}`;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
