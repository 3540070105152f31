/** The disk of the journal is full: nothing new is taken, and nothing is lost. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../fault.ts';
import { outage } from './outage.ts';

/** A file system of 256 KiB; undefined where this process may not make one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' });
  if (status === 0) return folder;
  rmSync(folder, { recursive: true });
  return undefined;
}

function free(folder: string): void {
  spawnSync('umount', ['-l', folder], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
}

/** Takes what is left of the space, to the last byte. */
function fill(folder: string): void {
  const file = openSync(join(folder, 'filler'), 'a');
  const full = (size: number): boolean => {
    try {
      while (writeSync(file, Buffer.alloc(size)) === size);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOSPC';
    }
  };
  for (const size of [4096, 256, 1]) full(size);
  closeSync(file);
}

function fullDisk(): Fault {
  let disk = '';
  const fault = outage({
    name: 'the disk of the journal is full',
    prepare() {
      const made = smallDisk();
      if (made === undefined) throw new Error('No file system can be mounted here.');
      disk = made;
      return Promise.resolve({ settings: { journal: join(made, 'journal') }, close: () => free(made) });
    },
    begin: () => fill(disk),
    end: () => rmSync(join(disk, 'filler')),
    allowed: [200, 503],
    serves: false,
    refuses: true,
  });
  return {
    name: fault.name,
    async run(servers, scale) {
      const probe = smallDisk();
      if (probe === undefined) return { seen: 'only root may mount a small file system', wrong: [] };
      free(probe);
      return fault.run(servers, scale);
    },
  };
}

export const diskFull: Fault = fullDisk();
