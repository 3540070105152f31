/** The rules of what a published package contains. */
import { isInitializer, isTest } from '../house/tree.ts';
import type { Tarball } from './tarball.ts';

/** Bytes that a package may take on disk. Readers of a package page look at this number. */
const BUDGET = 450_000;

/**
 * Packages that hold more than most: the core, whose bundle has what others wrote (a seventh of it the HTTP client), and the
 * dialects of an API with a dozen operations.
 */
const LARGER: Readonly<Record<string, number>> = { core: 3_600_000, 'plugins/dialect-openai': 850_000 };

const ALLOWED =
  /^(?:package\.json|README\.md|LICENSE|bin\/[\w-]+\.js|bundle\/.*\.js|bundle\/LICENSES\.txt|dist\/.*\.(?:js|d\.ts|js\.map|json))$/;

/** What a package that makes projects holds besides: the projects, with their own tests, without what they built. */
const TEMPLATE = /^templates\/(?!.*(?:^|\/)(?:node_modules|dist)\/)/;

/** Finds what should not be in a package, what is missing from it, and what is left from sources that are gone. */
export function badContents(
  { folder, name, files, unpackedSize }: Tarball,
  { exports = {} }: { readonly exports?: Readonly<Record<string, unknown>> },
  sources: ReadonlySet<string>,
): string[] {
  const has = new Set(files);
  const budget = LARGER[folder] ?? BUDGET;
  const targets = Object.values(exports).flatMap(published);
  return [
    ...files
      .filter((file) => (isInitializer(name) && TEMPLATE.test(file) ? false : !ALLOWED.test(file) || isTest(file)))
      .map((file) => `holds ${file}: see "files"`),
    ...files
      .filter((file) => isStale(file, sources))
      .map((file) => `holds ${file}, whose source is gone: npm run clean`),
    ...['package.json', 'README.md', ...targets].filter((file) => !has.has(file)).map((file) => `lacks ${file}`),
    ...(unpackedSize > budget ? [`takes ${unpackedSize} bytes, ${budget} are allowed`] : []),
  ].map((fault) => `${name} ${fault}.`);
}

/** The files that one entry of `exports` names for those who have the package, and not its sources. */
function published(entry: unknown): string[] {
  if (typeof entry === 'string') return [entry.replace(/^\.\//, '')];
  return Object.entries(entry as Record<string, unknown>)
    .filter(([condition]) => condition !== 'gatewright-source')
    .flatMap(([, inner]) => published(inner));
}

/** The compiler leaves what it built from a file that has since been renamed. */
function isStale(file: string, sources: ReadonlySet<string>): boolean {
  const source = /^dist\/(.*?)(?:\.d\.ts|\.js|\.js\.map)$/.exec(file)?.[1];
  return source !== undefined && !sources.has(`src/${source}.ts`);
}
