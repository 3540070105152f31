/** The rules of who may import what. */
import { posix } from 'node:path';
import { isBuiltin } from 'node:module';
import type { Finding } from './finding.ts';
import { at, parse, type Import } from './source.ts';
import { isCore, isPlugin, isSource, pluginFolder, type TextFile } from './tree.ts';

/** Packages with one home in the core; elsewhere only their types may be imported. */
const HOMES: readonly { readonly package: RegExp; readonly home: RegExp; readonly message: string }[] = [
  {
    package: /^tapable$/,
    home: /^core\/src\/hooks\//,
    message: 'only core/src/hooks/ imports tapable: tap a hook through `hooks` in setup, or extend the engine there',
  },
  {
    package: /^(?:koa|@koa\/router)$/,
    home: /^core\/src\/http\//,
    message: 'only core/src/http/ imports Koa: use `http.use` or `http.route` in setup, or `import type`',
  },
  {
    package: /^undici$/,
    home: /^core\/src\/http\//,
    message: "only core/src/http/ imports undici: call upstreams through the core's own client, or `import type`",
  },
];

/** The command depends on everything, and nothing depends on it. */
const COMMAND = 'core/src/cli/';

/** Finds imports of Koa, tapable and undici away from home. Tests may build what they need. */
export function homelessImports(files: readonly TextFile[]): Finding[] {
  return each(files, isPublished, (file, one) =>
    HOMES.filter((rule) => !one.typeOnly && rule.package.test(one.from) && !rule.home.test(file.path)).map((rule) =>
      at(file, one.offset, `imports "${one.from}", but ${rule.message}.`),
    ),
  );
}

/** Finds plugins that reach past the public entries of the core or of another plugin, and a core that imports plugins. */
export function sideDoors(files: readonly TextFile[]): Finding[] {
  const entries = publicEntries(files);
  return each(files, inPackage, (file, one) => {
    const message = one.from.startsWith('.')
      ? relativeBreach(file.path, one.from)
      : packageBreach(file.path, one.from, entries);
    return message === undefined ? [] : [at(file, one.offset, message)];
  });
}

function relativeBreach(path: string, from: string): string | undefined {
  const folder = pluginFolder(path);
  const home = folder === undefined ? 'core/' : `plugins/${folder}/`;
  const target = posix.normalize(posix.join(posix.dirname(path), from));
  if (isCore(path) && !path.startsWith(COMMAND) && target.startsWith(COMMAND)) {
    return `imports "${from}": only the command itself imports from ${COMMAND}; move what others need out of it.`;
  }
  if (target.startsWith(home)) return undefined;
  return `imports "${from}", which lies outside ${home}: import the other package by its name.`;
}

function packageBreach(path: string, from: string, entries: ReadonlySet<string>): string | undefined {
  if (!from.startsWith('@gatewright/')) return undefined;
  if (path.startsWith('core/')) return `imports "${from}": the core knows no plugin, and imports itself by path.`;
  if (entries.has(from)) return undefined;
  return `imports "${from}", which no package here exports: use one of the entries in its package.json.`;
}

const inPackage = (path: string): boolean => isSource(path) && /^(?:core|plugins\/[^/]+)\/src\//.test(path);

/** What the packages here export: `@gatewright/core`, `@gatewright/core/wire`, … */
function publicEntries(files: readonly TextFile[]): Set<string> {
  const entries = new Set<string>();
  for (const { path, text } of files) {
    if (!/^(?:core|plugins\/[^/]+)\/package\.json$/.test(path)) continue;
    const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: Record<string, unknown> };
    for (const key of Object.keys(exports)) entries.add(posix.join(name, key));
  }
  return entries;
}

/** Finds packages that published code imports, types included, without package.json saying that it needs them. */
export function undeclaredPackages(files: readonly TextFile[]): Finding[] {
  const declared = new Map(
    files.filter((file) => file.path.endsWith('package.json')).map((file) => [file.path, needs(file)]),
  );
  return each(files, isPublished, (file, one) => {
    if (one.from.startsWith('.') || isBuiltin(one.from)) return [];
    const manifest = `${file.path.slice(0, file.path.indexOf('/src/'))}/package.json`;
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(one.from)?.[0] ?? one.from;
    if (declared.get(manifest)?.has(name) === true) return [];
    return [at(file, one.offset, `imports "${one.from}": add ${name} to the dependencies of ${manifest}.`)];
  });
}

function needs(file: TextFile): Set<string> {
  const manifest = JSON.parse(file.text) as Record<string, Record<string, string> | undefined>;
  return new Set(
    ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) => Object.keys(manifest[key] ?? {})),
  );
}

const isPublished = (path: string): boolean => isCore(path) || isPlugin(path);

function each(
  files: readonly TextFile[],
  which: (path: string) => boolean,
  rule: (file: TextFile, one: Import) => Finding[],
): Finding[] {
  return files
    .filter((file) => which(file.path))
    .flatMap((file) => parse(file).imports.flatMap((one) => rule(file, one)));
}
