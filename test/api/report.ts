/** The report of a package's public API: every entry, and every name that can be imported from it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolders } from '../docs/plugins.ts';
import { ROOT } from '../house/tree.ts';
import { declarationsOf } from './declarations.ts';

/** Where the reports are. */
export const REPORTS = join(ROOT, 'test', 'api', 'reports');

type Exports = Readonly<Record<string, string | { readonly types?: string }>>;

/** The folders of all packages that are published, from the root. */
export const published = (): readonly string[] => ['core', ...packageFolders().map((name) => `plugins/${name}`)];

/** The name of a package's report. */
export const reportName = (folder: string): string => `${folder.replace(/^plugins\//, '')}.api.md`;

/** Undefined where the package has not been built. */
export function reportOf(folder: string): string | undefined {
  const path = join(ROOT, folder);
  const { name, exports = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly exports?: Exports;
  };
  const entries = Object.entries(exports).flatMap(([entry, target]) => {
    const types = typeof target === 'string' ? undefined : target.types;
    return types === undefined ? [] : [[entry, join(path, types)] as const];
  });
  if (entries.some(([, types]) => !existsSync(types))) return undefined;
  const sections = entries.map(([entry, types]) => {
    const specifier = entry === '.' ? name : `${name}/${entry.slice(2)}`;
    const names = declarationsOf(types).map(({ name: one, text }) => `### ${one}\n\n\`\`\`ts\n${text}\n\`\`\`\n`);
    return `## ${specifier}\n\n${names.length === 0 ? 'Nothing.\n' : names.join('\n')}`;
  });
  const head = `# The API of ${name}\n\nWritten by \`npm run api\` from what was built. A change here is a change of the contract: review it.\n`;
  return [head, ...sections].join('\n');
}
