/** The steps from nothing to the first streamed answer. */
import { existsSync } from 'node:fs';
import { publishedFolders } from '../tarball.ts';
import type { Note } from './course.ts';
import { nextRelease, release } from './release.ts';
import type { Site } from './site.ts';

/** The project that the later steps go on with. */
export const GATEWAY = 'empty/house';

export type Step = readonly [name: string, body: () => Promise<Note>];

/** What all others need. */
export const publishStep = (site: Site): Step => [
  'publish every package with lerna',
  async () => {
    const names = await release(site.path('release'), site.registry);
    const wanted = publishedFolders().length;
    if (names.length !== wanted) throw new Error(`${names.length} of ${wanted} were published: ${names.join(' ')}`);
    return `${names.length} packages`;
  },
];

export function gatewaySteps(site: Site): Step[] {
  return [
    [
      'what the next release would be, with its CHANGELOGs',
      async () => nextRelease(site.path('release'), site.registry),
    ],
    [
      'npm create gatewright, in an empty folder',
      async () => {
        await site.run('npm create gatewright@latest house', site.folder('empty'));
        if (existsSync(site.path(GATEWAY, 'package-lock.json'))) throw new Error('It comes with a lock file.');
      },
    ],
    [
      'install it from the registry, without a lock file',
      async () => {
        const said = await site.run('npm install --no-package-lock', GATEWAY);
        return said.trim().split('\n').at(-1);
      },
    ],
    ['its smoke test', async () => void (await site.run('npm test', GATEWAY))],
    [
      'its schema for editors, and its check',
      async () => {
        await site.run('npm run schema', GATEWAY);
        return (await site.run('npm run -s check', GATEWAY)).trim();
      },
    ],
    [
      'start it, and stream an answer with the official client',
      async () => {
        const gateway = await site.start(GATEWAY);
        return `“${(await gateway.stream('demo')).slice(0, 40)}…”`;
      },
    ],
  ];
}
