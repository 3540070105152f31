/** The steps that look at what was packed: whether tools and types can use it, and how much of it an installation brings. */
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAll, type Tarball } from '../tarball.ts';
import type { Step } from './first-gateway.ts';
import type { Site } from './site.ts';

/** What three plugins and the core may bring: packages, and bytes on disk. */
const MOST_PACKAGES = 80;
const MOST_BYTES = 20e6;

/** Packages are ES modules, which Node requires too since 22.12: what older ways of resolving make of them is no matter. */
const NO_MATTER = new Set(['node10', 'node16-cjs']);

export function tarballSteps(site: Site): Step[] {
  let tarballs: readonly Tarball[] = [];
  return [
    [
      'publint, on every tarball',
      async () => {
        const folder = site.path('tarballs');
        mkdirSync(folder);
        tarballs = packAll(folder);
        const said = (await Promise.all(tarballs.map(lint))).flat();
        if (said.length > 0) throw new Error(said.join('\n'));
        return `${tarballs.length} tarballs`;
      },
    ],
    [
      'are the types wrong, on every tarball',
      async () => {
        const said: string[] = [];
        for (const tarball of tarballs) said.push(...(await wrongTypes(tarball)));
        if (said.length > 0) throw new Error(said.join('\n'));
        return `${tarballs.length} tarballs`;
      },
    ],
    [
      `the core with three plugins: fewer than ${MOST_PACKAGES} packages and ${MOST_BYTES / 1e6} MB`,
      async () => {
        site.write('small/package.json', '{ "private": true }');
        const names = ['core', 'dialect-openai', 'provider-openai', 'auth-static'].map((name) => `@gatewright/${name}`);
        await site.run(`npm install ${names.join(' ')}`, 'small');
        const { packages } = JSON.parse(site.read('small/package-lock.json')) as { packages: object };
        const count = Object.keys(packages).length - 1;
        const bytes = weight(site.path('small', 'node_modules'));
        const said = `${count} packages, ${(bytes / 1e6).toFixed(1)} MB`;
        if (count >= MOST_PACKAGES || bytes >= MOST_BYTES) throw new Error(`It brings ${said}.`);
        return said;
      },
    ],
  ];
}

async function lint({ name, path }: Tarball): Promise<string[]> {
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(readFileSync(path)).buffer },
    strict: true,
  });
  const said = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
  // Templates are packages to be, not parts of this one.
  return said.filter((text) => !text.startsWith('./templates/')).map((text) => `${name}: ${text}`);
}

async function wrongTypes({ name, path }: Tarball): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(path))), {
    // For other bundles only, which have no types.
    excludeEntrypoints: ['./bundled-zod'],
  });
  if (result.types === false) return [`${name} has no types.`];
  return result.problems
    .filter((problem) => !('resolutionKind' in problem && NO_MATTER.has(problem.resolutionKind)))
    .map((problem) => `${name}: ${problem.kind} ${JSON.stringify(problem)}`);
}

/** Bytes of the files in a folder, as they would be on any disk: without what blocks are filled up with. */
function weight(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
