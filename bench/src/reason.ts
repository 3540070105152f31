/** Why something could not be measured, in words that may be kept. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** More than this is a log, and no reason. */
const LONGEST = 400;

/** The message of an error without the folders of the machine that it happened on, and without addresses of registries. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (
    text
      // A clone may itself be in a temporary folder.
      .replaceAll(ROOT, '.')
      .replaceAll(tmpdir(), '(temporary)')
      .replaceAll(/https?:\/\/(?!127\.)\S+/g, 'the registry')
      .replaceAll(/\s+/g, ' ')
      .slice(0, LONGEST)
  );
}
