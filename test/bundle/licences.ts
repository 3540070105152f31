/** The licences of what others wrote, to stand beside the bundle that it became part of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The texts for the packages that these files belong to, but for the one at `home`; empty where there is no other. */
export function licences(files: readonly string[], home: string): string {
  const homes = new Set(files.filter((file) => file.includes('/node_modules/')).map(packageHome));
  homes.delete(home);
  return [...homes].map(licence).toSorted().join('\n');
}

/** The folder with the package.json that has a name: some packages have others inside, to say what kind their files are. */
function packageHome(file: string): string {
  let folder = dirname(file.replace(/^\0/, '').replace(/\?.*$/, ''));
  while (manifest(folder).name === undefined && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function manifest(folder: string): { name?: string; version?: string; license?: string } {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }) : {};
}

function licence(folder: string): string {
  const { name = '', version = '', license = '' } = manifest(folder);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `== ${name} ${version} (${license})\n\n${text}\n`;
}
