/** Lets the templates of create-gatewright ask for the packages of the release that is being made; lerna runs it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const templates = join(root, 'plugins', 'create-gatewright', 'templates');
const { version } = JSON.parse(readFileSync(join(root, 'lerna.json'), 'utf8')) as { version: string };

for (const name of readdirSync(templates)) {
  const path = join(templates, name, 'package.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replaceAll(/("@gatewright\/[\w-]+": )"\^[^"]*"/g, `$1"^${version}"`));
}
// Lerna commits what it has changed itself, and what is staged.
execFileSync('git', ['add', templates], { cwd: root });
