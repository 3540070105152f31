/** Installs packages with the package manager that a project uses. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../config/condition.ts';
import { CommandFailure } from '../failure.ts';
import { manifestAt, withParents } from '../manifest.ts';

/** The package managers, with the word for adding a package, and the files by which a project is known to use one. */
const MANAGERS = {
  npm: { add: 'install', files: ['package-lock.json', 'npm-shrinkwrap.json'] },
  pnpm: { add: 'add', files: ['pnpm-lock.yaml'] },
  yarn: { add: 'add', files: ['yarn.lock'] },
  bun: { add: 'add', files: ['bun.lock', 'bun.lockb'] },
} as const;

export type Manager = keyof typeof MANAGERS;

export interface ManagedProject {
  /** The folder with the package.json. */
  readonly folder: string;
  readonly manager: Manager;
}

/** The words that install a package, for people to type. */
export const installing = (manager: Manager, spec: string): string => `${manager} ${MANAGERS[manager].add} ${spec}`;

/** The project that a folder belongs to. Throws a CommandFailure where there is none to install into. */
export function projectAt(folder: string): ManagedProject {
  const folders = withParents(folder);
  const home = folders.find((at) => existsSync(join(at, 'package.json')));
  if (home === undefined) {
    throw new CommandFailure(
      `There is no package.json in ${folder}, nor above it.`,
      'make one there with: npm init --yes',
    );
  }
  // In a workspace it is a folder further up that says who manages all.
  const manager =
    withParents(home)
      .map(managerOf)
      .find((name) => name !== undefined) ?? 'npm';
  return { folder: home, manager };
}

/** Whether the project itself asks for a package: what is only there for another package may be gone tomorrow. */
export function asksFor(name: string, { folder }: ManagedProject): boolean {
  const manifest = manifestAt(folder);
  const lists = [manifest?.dependencies, manifest?.devDependencies, manifest?.optionalDependencies];
  return lists.some((list) => list !== undefined && Object.hasOwn(list, name));
}

function managerOf(folder: string): Manager | undefined {
  const names = Object.keys(MANAGERS) as Manager[];
  return names.find((name) => name === declaredIn(folder)) ?? names.find((name) => hasLock(folder, name));
}

function hasLock(folder: string, name: Manager): boolean {
  return MANAGERS[name].files.some((file) => existsSync(join(folder, file)));
}

/** `pnpm` of `"packageManager": "pnpm@10.1.0"`. */
function declaredIn(folder: string): string | undefined {
  const packageManager = manifestAt(folder)?.packageManager;
  return typeof packageManager === 'string' ? packageManager.split('@')[0] : undefined;
}

/** The last lines of what a failed installation said: the first ones are about the way there. */
const LAST_LINES = 12;

/** Installs a package into the project. Rejects with a CommandFailure that has the manager's own words. */
export async function install(spec: string, { folder, manager }: ManagedProject, env: Environment): Promise<void> {
  const words = installing(manager, spec);
  const { code, said } = await run(manager, [MANAGERS[manager].add, spec], folder, env);
  if (code === 0) return;
  const lines = said.trim().split('\n').slice(-LAST_LINES);
  const reason = code === undefined ? `${manager} is not there` : `it ended with ${code}`;
  throw new CommandFailure(
    [`"${words}" failed: ${reason}. Nothing was configured.`, ...lines.map((line) => `    ${line}`)].join('\n'),
    `see whether this works in ${folder}: ${words}`,
  );
}

/** `code` is undefined where the program could not be started. */
function run(
  command: string,
  words: readonly string[],
  cwd: string,
  env: Environment,
): Promise<{ readonly code: number | undefined; readonly said: string }> {
  return new Promise((resolve) => {
    let said = '';
    // On Windows package managers are scripts, which only a shell starts; the words have been checked to be harmless.
    const shell = process.platform === 'win32';
    const child = spawn(command, words, { cwd, env: { ...env }, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', (error) => resolve({ code: undefined, said: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}
