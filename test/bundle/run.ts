/** `npm run bundle`: writes the bundles of all packages that are published. */
import { bundle, entriesOf, type Bundling } from './bundler.ts';
import { packageFolders } from '../docs/plugins.ts';
import { isBundled } from '../house/tree.ts';

/** What the core is made into. Its command, workers and guests look for each other beside them, in the shared folder. */
const CORE: Bundling = {
  folder: 'core',
  input: {
    index: 'index.js',
    wire: 'wire.js',
    zod: '../../node_modules/zod/index.js',
    'cli/main': 'cli/main.js',
    'shared/worker': 'cli/worker.js',
    'shared/guest': 'isolation/guest.js',
  },
  inlined: ['@koa/router', 'commander', 'fastest-levenshtein', 'koa', 'picocolors', 'tapable', 'undici', 'yaml', 'zod'],
  shared: 'shared/',
  // Not cli/main.js, which waits for what it imports late: that must not import it.
  whole: ['../../node_modules/zod/index.js', 'wire.js', 'index.js', 'cli/program.js'],
};

/** Files that plugins start threads with. */
const THREADS: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'store-sqlite': { thread: 'thread.js' } };

/** Packages that are many small files, and those that are wanted in parts. The rest is one large file, or rarely used. */
const INLINED = ['pino', 'prom-client', 'sonic-boom', 'tokenx'];

await bundle(CORE);
for (const name of packageFolders()) {
  const folder = `plugins/${name}`;
  if (!isBundled(folder)) continue;
  const entries = entriesOf(folder);
  await bundle({
    folder,
    input: entries,
    inlined: INLINED,
    shared: '',
    whole: Object.values(entries).toReversed(),
    threads: THREADS[name] ?? {},
  });
}
