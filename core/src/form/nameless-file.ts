/** Temporary files that have no name: nobody else can open them, and they are gone with the process, however it ends. */
import { lstat, mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'gatewright-upload-';

/** A folder lives for the moment in which its file is made; one that is older, in milliseconds, was left by a crash. */
const LEFT_BEHIND = 60_000;

/** Opens a new file, for writing and reading, whose name is already gone. Rejects with what the file system says. */
export async function openNameless(folder = tmpdir()): Promise<FileHandle> {
  // Readable for this user alone, so that nobody gets hold of the file in the moment before its name is gone.
  const home = await mkdtemp(join(folder, PREFIX));
  try {
    return await open(join(home, 'spool'), 'wx+', 0o600);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Removes what a crash between making a file and taking its name away has left. Never rejects: it is housekeeping. */
export async function clearLeftovers(now: number, folder = tmpdir()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(PREFIX))) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() !== true || now - found.mtimeMs < LEFT_BEHIND) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
