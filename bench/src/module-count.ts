/** Loaded before anything else: counts the modules that a process loads, those of Node left out, and says how many when it ends. */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const urls = new Set<string>();
registerHooks({
  load(url, context, next) {
    if (!url.startsWith('node:')) urls.add(url);
    return next(url, context);
  },
});

process.on('exit', () => {
  const file = process.env['BENCH_MODULES'];
  if (file !== undefined) writeFileSync(file, String(urls.size));
});
