/** The rules of what a published package says about itself in package.json and tsconfig.json. */
import { posix } from 'node:path';
import type { Finding } from './finding.ts';
import { isBundled, isInitializer, packageName, type TextFile } from './tree.ts';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly engines?: { readonly node?: string };
  readonly publishConfig?: { readonly access?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A check: a message when the package breaks it. */
type Check = (manifest: Manifest, folder: string, files: ReadonlyMap<string, string>) => string | undefined;

const CHECKS: readonly Check[] = [
  ({ name }, folder) => expected('name', name, packageName(posix.basename(folder))),
  ({ version }, _folder, files) => expected('version', version, json(files, 'lerna.json')['version']),
  ({ description }) => (description ? undefined : 'needs a description: the sentence that a search shows.'),
  ({ license }) => expected('license', license, 'Apache-2.0'),
  ({ type }) => expected('type', type, 'module'),
  ({ engines }) => expected('engines.node', engines?.node, '>=22.19'),
  ({ publishConfig }) => expected('publishConfig.access', publishConfig?.access, 'public'),
  ({ files = [] }, folder) =>
    missing('files', files, [
      ...(isBundled(folder) ? ['bundle'] : []),
      'dist',
      '!dist/**/*.map',
      '!dist/**/*.test.*',
      'README.md',
    ]),
  ({ files = [] }) => {
    const excludes = files.some((one) => /^!dist\/\*\*\/\*?\.tsbuildinfo$/.test(one));
    return excludes ? undefined : 'files must leave out "!dist/**/.tsbuildinfo".';
  },
  ({ exports = {} }) => missing('exports', Object.keys(exports), ['.', './package.json']),
  ({ exports = {} }, folder, files) => {
    const entries = Object.entries(exports).filter(([key]) => key !== './package.json' && key !== './bundled-zod');
    return entries.map(([key, value]) => badEntry(key, value, folder, files)).find((message) => message !== undefined);
  },
  ({ devDependencies, peerDependencies }, folder) => {
    if (folder === 'core' || isInitializer(posix.basename(folder))) return undefined;
    const [peer, dev] = [peerDependencies?.['@gatewright/core'], devDependencies?.['@gatewright/core']];
    if (peer !== undefined && peer === dev) return undefined;
    return 'must name @gatewright/core in peerDependencies and, with the same range, in devDependencies.';
  },
];

/** Finds published packages whose package.json says something else than all others. */
export function badManifests(files: readonly TextFile[]): Finding[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return published(files).flatMap((folder) => {
    const path = `${folder}/package.json`;
    const manifest = json(texts, path) as Manifest;
    const messages = CHECKS.map((check) => check(manifest, folder, texts)).filter((message) => message !== undefined);
    return messages.map((message) => ({ path, line: 1, message }));
  });
}

/** Finds dependencies that are not pinned. Packages of this repository depend on each other by range. */
export function looseVersions(files: readonly TextFile[]): Finding[] {
  return files
    .filter(({ path }) => posix.basename(path) === 'package.json')
    .flatMap(({ path, text }) => {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text) as Manifest;
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([name, range]) => !name.startsWith('@gatewright/') && !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range))
        .map(([name, range]) => ({ path, line: 1, message: `asks for ${name} "${range}": pin one exact version.` }));
    });
}

/** Finds published packages that the compiler's project references leave out. */
export function unreferenced(files: readonly TextFile[]): Finding[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const root = references(texts, 'tsconfig.json');
  return published(files).flatMap((folder) => {
    const path = `${folder}/tsconfig.json`;
    const messages = root.includes(folder)
      ? []
      : [`is not built: add { "path": "${folder}" } to the root tsconfig.json.`];
    if (!texts.has(path)) messages.push('is missing: copy that of another plugin.');
    else if (folder !== 'core' && !references(texts, path).includes('core'))
      messages.push('must reference ../../core.');
    return messages.map((message) => ({ path, line: 1, message }));
  });
}

/** The folders of packages that are published: `core` and `plugins/*`. */
function published(files: readonly TextFile[]): string[] {
  const folders = files.map(({ path }) => /^(core|plugins\/[^/]+)\/package\.json$/.exec(path)?.[1]);
  return folders.filter((folder) => folder !== undefined);
}

function references(files: ReadonlyMap<string, string>, path: string): string[] {
  const { references: list = [] } = json(files, path) as { references?: readonly { path: string }[] };
  return list.map((one) => posix.join(posix.dirname(path), one.path));
}

const json = (files: ReadonlyMap<string, string>, path: string): Record<string, unknown> =>
  JSON.parse(files.get(path) ?? '{}') as Record<string, unknown>;

function expected(field: string, value: unknown, wanted: unknown): string | undefined {
  return value === wanted ? undefined : `has ${field} ${JSON.stringify(value)}, not ${JSON.stringify(wanted)}.`;
}

function missing(field: string, have: readonly string[], wanted: readonly string[]): string | undefined {
  const lacks = wanted.filter((one) => !have.includes(one));
  return lacks.length === 0 ? undefined : `${field} must also have ${lacks.map((one) => `"${one}"`).join(', ')}.`;
}

const CONDITIONS = ['gatewright-source', 'types', 'gatewright-bundle', 'default'];

/** Order matters: the first condition that holds wins, so `default` must come last. */
function badEntry(key: string, value: unknown, folder: string, files: ReadonlyMap<string, string>): string | undefined {
  const conditions = typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};
  const wanted = CONDITIONS.filter((one) => one !== 'gatewright-bundle' || isBundled(folder));
  if (Object.keys(conditions).join() !== wanted.join())
    return `exports["${key}"] must have the conditions ${wanted.join(', ')}, in this order.`;
  const source = posix.join(folder, conditions['gatewright-source'] ?? '');
  if (!files.has(source)) return `exports["${key}"] says that its source is ${source}, which does not exist.`;
  const built = `./${posix.relative(folder, source).replace(/^src/, 'dist').replace(/\.ts$/, '')}`;
  const bundle = isBundled(folder) ? `${built.replace('/dist/', '/bundle/')}.js` : undefined;
  const isRight = conditions['types'] === `${built}.d.ts` && conditions['default'] === `${built}.js`;
  if (isRight && conditions['gatewright-bundle'] === bundle) return undefined;
  return `exports["${key}"] must have types ${built}.d.ts and default ${built}.js, which is what its source builds, and the bundle of it.`;
}
