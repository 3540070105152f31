/** Finds a server's program; where it is missing and this is root on Debian, installs its package. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program, where Debian keeps it, and in which package. */
export interface ServerProgram {
  readonly name: string;
  /** Folders to look in besides those of PATH. */
  readonly folders: () => readonly string[];
  readonly debianPackage: string;
}

/** The path of a server's program. Throws an Error that says in one line what to install where there is none. */
export function findProgram(program: ServerProgram): string {
  const found = look(program);
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) install(program.debianPackage);
  const installed = look(program);
  if (installed !== undefined) return installed;
  throw new Error(
    `This test needs ${program.name}, and it is not installed: install ${program.debianPackage} (Debian).`,
  );
}

function look({ name, folders }: ServerProgram): string | undefined {
  const path = process.env['PATH']?.split(delimiter) ?? [];
  return [...folders(), ...path].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(debianPackage: string): void {
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  // Several test processes may find it missing at once: apt waits for its own lock.
  const apt = (...parts: string[]): void => {
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...parts], quiet);
  };
  try {
    apt('install', '-y', '--no-install-recommends', debianPackage);
  } catch {
    apt('update');
    apt('install', '-y', '--no-install-recommends', debianPackage);
  }
}
