/** The repository's own files, as the house rules look at them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A text file, its path relative to the repository's root with forward slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The repository's root, an absolute path. */
export const ROOT = join(import.meta.dirname, '..', '..');

const SOURCE = /\.(?:ts|tsx|mts|cts|js|mjs|cjs)$/;
const TEST = /\.test(?:-d)?\.[^/]*$/;

/** Every text file that git tracks, or would track once it is added; what git ignores is nobody's business. */
export function readTree(root: string = ROOT): TextFile[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files: TextFile[] = [];
  for (const path of listing.toString('utf8').split('\0')) {
    const text = path === '' ? undefined : readIfThere(join(root, path));
    if (text !== undefined && !text.includes('\0')) files.push({ path, text });
  }
  return files;
}

/** Git also lists what was deleted but not yet committed. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a file is program text. */
export const isSource = (path: string): boolean => SOURCE.test(path);

/** Whether a file is a test, and not what is tested. */
export const isTest = (path: string): boolean => TEST.test(path) || /(?:^|\/)test\//.test(path);

/** Whether a file is part of the core as it is published. */
export const isCore = (path: string): boolean => path.startsWith('core/src/') && isSource(path) && !isTest(path);

/** Whether a file is part of a plugin as it is published. */
export const isPlugin = (path: string): boolean =>
  /^plugins\/[^/]+\/src\//.test(path) && isSource(path) && !isTest(path);

/** The plugin folder that a path lies in: `plugins/prices/src/index.ts` is in `prices`. */
export function pluginFolder(path: string): string | undefined {
  return /^plugins\/([^/]+)\//.exec(path)?.[1];
}

/** The plugin folders that hold anything, sorted. */
export function pluginFolders(files: readonly TextFile[]): string[] {
  return [...new Set(files.map((file) => pluginFolder(file.path)).filter((name) => name !== undefined))].toSorted();
}

/** Whether a folder under `plugins/` holds what `npm create …` runs: npm wants `create-` at the front of its name. */
export const isInitializer = (folder: string): boolean => folder.startsWith('create-');

/** Whether a published package also comes as a bundle: all that a gateway loads. */
export const isBundled = (folder: string): boolean =>
  !isInitializer(posix.basename(folder)) && folder !== 'plugins/testkit';

/** The name that the package of a folder is published under. */
export const packageName = (folder: string): string => (isInitializer(folder) ? folder : `@gatewright/${folder}`);
