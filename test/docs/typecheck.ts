/** Type errors in the TypeScript blocks of documents. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ROOT } from '../house/tree.ts';
import type { Block } from './blocks.ts';
import type { Workshop } from './workshop.ts';

/** What a reader's own project would have, and the sources of the packages here in place of what was built. */
const PROJECT = {
  extends: join(ROOT, 'tsconfig.base.json'),
  compilerOptions: {
    composite: false,
    noEmit: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    customConditions: ['gatewright-source'],
    moduleDetection: 'force',
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ['**/*.ts'],
};

/** Compiles all blocks together, since that costs one start of the compiler. Answers with `README.md:12 error TS…`. */
export function typeErrors(blocks: readonly Block[], workshop: Workshop): string[] {
  for (const block of blocks) workshop.add(block);
  workshop.write('package.json', '{ "type": "module" }');
  const project = workshop.write('tsconfig.json', JSON.stringify(PROJECT));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout, stderr, status } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    cwd: workshop.folder,
    encoding: 'utf8',
  });
  const errors = stdout.split('\n').flatMap((line) => {
    const [, path, at, message] = /^(\S.*?)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
    return path === undefined
      ? []
      : [`${workshop.origin(resolve(workshop.folder, path), Number(at))} ${message ?? ''}`];
  });
  if (status !== 0 && errors.length === 0) throw new Error(`tsc did not run: ${stdout}${stderr}`);
  return errors;
}
