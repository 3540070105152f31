/** The folders of processes that are gone: what they left in their journals is brought to the store. */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { usageRowFromJson, type Logger } from '@gatewright/core';
import { readFrames } from './frames.ts';
import { SUFFIX } from './segments.ts';

/** Says who writes in a folder, and by its time that they still do. */
const OWNER = 'owner.json';
/** A folder whose owner has not said for this long, in milliseconds, that it lives is left behind. */
const SILENCE = 60_000;

interface Owner {
  readonly host: string;
  readonly pid: number;
}

/** Says that this process writes in the folder. */
export function claimFolder(folder: string): void {
  const owner: Owner = { host: hostname(), pid: process.pid };
  writeFileSync(join(folder, OWNER), JSON.stringify(owner), { mode: 0o600 });
}

/** Says that this process still lives. `now` in Unix milliseconds. */
export function keepFolder(folder: string, now: number): void {
  utimesSync(join(folder, OWNER), now / 1000, now / 1000);
}

/** The process is done with its folder. */
export function leaveFolder(folder: string): void {
  rmSync(join(folder, OWNER), { force: true });
}

/** The folders under `directory`, other than `own`, whose processes are gone. */
export function foldersLeftBehind(directory: string, own: string, now: number): string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory, { withFileTypes: true }).filter((one) => one.isDirectory());
  const folders = names.map(({ name }) => join(directory, name));
  return folders.filter((folder) => folder !== own && !isAlive(folder, now)).toSorted();
}

function isAlive(folder: string, now: number): boolean {
  try {
    const path = join(folder, OWNER);
    const { host, pid } = JSON.parse(readFileSync(path, 'utf8')) as Owner;
    const silent = now - statSync(path).mtimeMs;
    if (silent > SILENCE) return false;
    return host !== hostname() || (pid !== process.pid && isRunning(pid));
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The files with rows in a folder, oldest first. */
export function filesOf(folder: string): string[] {
  // Another process may have brought it all to the store by now.
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  return names.toSorted().map((name) => join(folder, name));
}

/** Rows that are parsed before others get their turn. */
const AT_ONCE = 1000;

/** The rows of a file, as JSON. What is no row is kept beside it as `.bad`, and said. */
export async function readRows(path: string, log: Logger): Promise<string[]> {
  const bytes = await readFile(path);
  const { texts, bad, torn } = readFrames(bytes);
  const rows: string[] = [];
  let broken = bad;
  for (const [index, text] of texts.flatMap((frame) => frame.split('\n')).entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await nextTurn();
    try {
      usageRowFromJson(text);
      rows.push(text);
    } catch {
      broken++;
    }
  }
  if (torn > 0) log.info('The last rows of a journal were not written to their end.', { path, bytes: torn });
  if (broken > 0) {
    writeFileSync(`${path}.bad`, bytes, { mode: 0o600 });
    log.error('A journal has bytes that are no rows; a copy of the file is kept.', { path: `${path}.bad`, broken });
  }
  return rows;
}

/** Removes a file whose rows are in the store, and its folder where nothing is left in it. */
export function forget(path: string, folder: string): void {
  // Others may bring the same files to the store at the same time: what is gone was theirs to remove.
  rmSync(path, { force: true });
  if (!existsSync(folder) || filesOf(folder).length > 0) return;
  leaveFolder(folder);
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
