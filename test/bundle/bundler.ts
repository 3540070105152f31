/** Puts a package that was built into few files: Node takes half a millisecond for each file that it loads. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { rolldown, type CodeSplittingNameFunction, type OutputOptions, type Plugin } from 'rolldown';
import { ROOT } from '../house/tree.ts';
import { licences } from './licences.ts';

/** The condition under which the exports of a package lead to its bundle. */
export const CONDITION = 'gatewright-bundle';

/** What one package is made into. */
export interface Bundling {
  /** Relative to the root of the repository. */
  readonly folder: string;
  /** The files to begin with, by the names of their bundles. */
  readonly input: Readonly<Record<string, string>>;
  /** Packages of others that become part of it. All the rest stays where it is installed. */
  readonly inlined: readonly string[];
  /** Where what several files share goes: as deep as what asks for its neighbours by their path. */
  readonly shared: string;
  /** Files that stay in one piece with all that they import, but for what one before them has. */
  readonly whole: readonly string[];
  /** Files that threads are started with, by the names of their bundles. */
  readonly threads?: Readonly<Record<string, string>>;
}

/** Writes `bundle/` beside `dist/`. Rejects with a sentence where the package was not built. */
export async function bundle({ folder, input, inlined, shared, whole, threads = {} }: Bundling): Promise<void> {
  const home = join(ROOT, folder);
  if (!existsSync(join(home, 'dist'))) throw new Error(`${folder} was not built: run "tsc -b" first.`);
  const build = await rolldown({
    cwd: home,
    input: inputOf(home, input),
    platform: 'node',
    external: (id, from) => !isInside(id, from, inlined),
    plugins: [REQUIRE, NO_SPANS, HTTP_1, LATE_TYPES, ...(folder === 'core' ? [ENGLISH] : [CORE_ZOD])],
    preserveEntrySignatures: 'allow-extension',
    checks: { circularDependency: false, eval: false },
  });
  const dir = join(home, 'bundle');
  rmSync(dir, { recursive: true, force: true });
  const { output } = await build.write({
    ...FORM,
    dir,
    chunkFileNames: `${shared}[name]-[hash].js`,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: 'whole', name: groupsOf(whole.map((file) => join(home, 'dist', file))) }],
    },
  });
  await build.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  if (Object.keys(threads).length > 0) await bundleThreads(home, threads);
  const notice = licences(modules, home);
  if (notice !== '') writeFileSync(join(dir, 'LICENSES.txt'), notice);
}

/** A thread loads all of a file, though it needs three functions of the core: it has those in its own, and no other file. */
async function bundleThreads(home: string, threads: Readonly<Record<string, string>>): Promise<void> {
  const build = await rolldown({
    cwd: home,
    input: inputOf(home, threads),
    platform: 'node',
    external: (id, from) => !isInside(id, from, ['@gatewright/core']),
    plugins: [CORE_ZOD],
    treeshake: { moduleSideEffects: false },
  });
  await build.write({ ...FORM, dir: join(home, 'bundle') });
  await build.close();
}

const inputOf = (home: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(home, 'dist', file)]));

/** Names and lines stay, so that a stack can be read. Text beyond ASCII would take each file twice its memory. */
const FORM: OutputOptions = {
  format: 'esm',
  entryFileNames: '[name].js',
  comments: { legal: true, annotation: false, jsdoc: false },
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
};

/** Says which of these files, by their names, is the first that does not do without a module. */
function groupsOf(files: readonly string[]): CodeSplittingNameFunction {
  const names = new Map<string, string>();
  return (module, graph) => {
    for (const file of names.size === 0 ? files : []) {
      const name = basename(dirname(file)) === 'zod' ? 'zod' : basename(file, '.js');
      const open = [file];
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (names.has(id)) continue;
        names.set(id, name);
        open.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
      }
    }
    return names.get(module) ?? null;
  };
}

/** Whether what is asked for by this name becomes part of it: files, some packages, and what those ask for themselves. */
function isInside(id: string, from: string | undefined, inlined: readonly string[]): boolean {
  if (isBuiltin(id)) return false;
  if (/^[./\0]/.test(id) || from?.includes('/node_modules/')) return true;
  return [...inlined, 'zod'].some((name) => id === name || id.startsWith(`${name}/`));
}

/** What is required by hand, because it is wanted late or without its neighbours, can be put in as well. */
const REQUIRE: Plugin = {
  name: 'require',
  transform: (code) =>
    code.includes('createRequire(import.meta.url)')
      ? code
          .replace(/^const load = createRequire\(import\.meta\.url\);$/m, '')
          .replaceAll(/\bload\('/g, "require('")
          .replaceAll('createRequire(import.meta.url)(', 'require(')
      : null,
};

/** prom-client asks OpenTelemetry for the span that an exemplar names: fifty files for what is not used. */
const NO_SPANS: Plugin = {
  name: 'no-spans',
  resolveId: (id) => (id === '@opentelemetry/api' ? '\0no-spans' : null),
  load: (id) => (id === '\0no-spans' ? 'export {};' : null),
};

/**
 * The pool to providers speaks HTTP/1.1 and sends bodies that are ready: node:http2 takes 15 ms to load. What undici has for
 * other cases stays with it, and is loaded from there where it is wanted.
 */
const HTTP_1: Plugin = {
  name: 'http-1',
  resolveId(id, from) {
    if (!from?.includes('/node_modules/undici/')) return null;
    if (id === './client-h2.js') return '\0no-http2';
    const elsewhere = id.startsWith('../web/') || id === '../llhttp/llhttp-wasm.js';
    return elsewhere ? { id: `undici/lib/${id.slice('../'.length)}`, external: true } : null;
  },
  load: (id) => (id === '\0no-http2' ? 'module.exports = undefined;' : null),
};

/**
 * Koa, and two packages that it asks, know all media types by their extensions: 400 kB and ten milliseconds, for what a gateway
 * hardly asks. They stay where they are installed until somebody does.
 */
const LATE_TYPES: Plugin = {
  name: 'late-types',
  resolveId: (id, from = '') => {
    if (id !== 'mime-types') return null;
    return `\0late-types:${/.*\/node_modules\/([^/]+)\//.exec(from)?.[1] ?? ''}`;
  },
  load: (id) => {
    const [, asker] = /^\0late-types:(.+)$/.exec(id) ?? [];
    if (asker === undefined) return null;
    const path = asker === 'koa' ? ['koa'] : ['koa', asker];
    return `import { createRequire } from 'node:module';
      const types = () => ${JSON.stringify(path)}.reduce((ask, name) => createRequire(ask.resolve(name)), createRequire(import.meta.url))('mime-types');
      export const contentType = (type) => types().contentType(type);
      export const lookup = (path) => types().lookup(path);`;
  },
};

/** Plugins in bundles share the core's zod: another one of their own would take as long as all of them. */
const CORE_ZOD: Plugin = {
  name: 'core-zod',
  resolveId: (id) => (id === 'zod' ? { id: '@gatewright/core/bundled-zod', external: true } : null),
};

/** zod brings fifty languages, of which the gateway speaks one. */
const ENGLISH: Plugin = {
  name: 'english',
  load: (id) => (id.endsWith('/zod/v4/locales/index.js') ? "export { default as en } from './en.js';" : null),
};

/** The files that the exports of a package lead to, by their names. */
export function entriesOf(folder: string): Record<string, string> {
  const { exports = {} } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
    exports?: Readonly<Record<string, string | { readonly default: string }>>;
  };
  const files = Object.values(exports).map((entry) => (typeof entry === 'string' ? entry : entry.default));
  const built = files.map((file) => /^\.\/dist\/(.*)\.js$/.exec(file)?.[1]).filter((name) => name !== undefined);
  return Object.fromEntries(built.map((name) => [name, `${name}.js`]));
}
