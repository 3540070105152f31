/** Makes projects: a gateway, or a plugin for one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HELP, wordsOf } from './command-line.ts';
import { Failure } from './failure.ts';
import { projectOf, type Project } from './project.ts';
import { filesOf } from './template.ts';
import type { Terminal } from './terminal.ts';
import { ownVersion } from './version.ts';

export { KINDS, type Kind } from './kinds.ts';
export type { Terminal } from './terminal.ts';

/** Runs a command line (without node and script) and resolves with the exit code. */
export async function create(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const words = wordsOf(argv);
    if (words.help) terminal.out.write(HELP);
    else if (words.version) terminal.out.write(`${ownVersion()}\n`);
    else await make(await projectOf(words, terminal), terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    terminal.err.write(`${error.message}\n${error.help === undefined ? '' : `    help: ${error.help}\n`}`);
    return 1;
  }
}

async function make(project: Project, { out }: Terminal): Promise<void> {
  const files = filesOf(project, ownVersion());
  try {
    for (const { path, text } of files) {
      const file = join(project.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      // What holds a key is for its owner alone; `wx` refuses what came there in the meantime.
      writeFileSync(file, text, { flag: 'wx', mode: path === '.env' ? 0o600 : 0o666 });
    }
  } catch (error) {
    throw new Failure(`The project cannot be written: ${(error as Error).message}.`, 'name another folder');
  }
  out.write(said(project, files.length));
}

function said({ kind, name, shown }: Project, count: number): string {
  const enter = shown === '.' ? [] : [`cd ${/\s/.test(shown) ? `"${shown}"` : shown}`];
  const [what, ...steps] =
    kind === 'gateway'
      ? ['The gateway', ...enter, 'npm install', 'npm test', 'npm start']
      : [`The ${kind} plugin`, ...enter, 'npm install', 'npm test', 'npm publish'];
  const last = kind === 'gateway' ? 'Its key is in .env; README.md says the rest.' : 'README.md says the rest.';
  return `${what} ${name} is in ${shown}: ${count} files.\n\n${steps.map((step) => `  ${step}\n`).join('')}\n${last}\n`;
}
