/** The version of this package, as its package.json says it. */
import { readFileSync } from 'node:fs';

/** Read, not imported: package.json lies outside of what the compiler takes as the sources. */
export function coreVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
