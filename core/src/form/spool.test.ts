/** The spool: what was put in comes out, from memory and from the file, and the file has no name. */
import {
  readdir,
  mkdtemp,
  mkdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearLeftovers, openNameless } from './nameless-file.ts';
import { Spool, SPOOL_MEMORY } from './spool.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Bytes that are different everywhere. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(at, at);
  return bytes;
}

async function fill(spool: Spool, bytes: Buffer, piece: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += piece) await spool.append(bytes.subarray(at, at + piece));
}

async function readAll(spool: Spool, from: number, to: number, piece = 64 * 1024): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = from; at < to;) {
    const bytes = await spool.read(at, Math.min(piece, to - at));
    pieces.push(bytes);
    at += bytes.length;
  }
  return Buffer.concat(pieces);
}

describe('a spool', () => {
  test.each([
    ['little stays in memory', 10_000, 333, false],
    ['a mebibyte stays in memory', SPOOL_MEMORY, 65_536, false],
    ['more goes to a file', SPOOL_MEMORY + 1, 65_536, true],
    ['much more does too, in odd pieces', 5_000_000, 60_001, true],
    ['also all at once', 3_000_000, 3_000_000, true],
  ])('%s', async (_what, size, piece, onDisk) => {
    const spool = new Spool(() => openNameless(folder));
    const bytes = pattern(size);
    await fill(spool, bytes, piece);
    expect(spool.onDisk).toBe(onDisk);
    expect((await readAll(spool, 0, size)).equals(bytes)).toBe(true);
    expect((await readAll(spool, 7, size - 5, 9_999)).equals(bytes.subarray(7, size - 5))).toBe(true);
    await spool.close();
  });

  test('takes what is not waited for in its order', async () => {
    const spool = new Spool(() => openNameless(folder));
    const bytes = pattern(4_000_000);
    let waiting: Promise<void> | undefined;
    for (let at = 0; at < bytes.length; at += 100_000)
      waiting = spool.append(bytes.subarray(at, at + 100_000)) ?? waiting;
    await waiting;
    expect((await readAll(spool, 0, bytes.length)).equals(bytes)).toBe(true);
    await spool.close();
  });

  test('has a file without a name, open for nobody else', async () => {
    const handles: FileHandle[] = [];
    const spool = new Spool(async () => {
      const handle = await openNameless(folder);
      handles.push(handle);
      return handle;
    });
    await fill(spool, pattern(2_000_000), 65_536);
    expect(await readdir(folder)).toEqual([]);
    const { mode, nlink } = await (handles[0] as FileHandle).stat();
    expect([(mode & 0o777).toString(8), nlink]).toEqual(['600', 0]);
    const path = `/proc/self/fd/${handles[0]?.fd}`;
    if (existsSync('/proc/self/fd')) expect((await readFile(path)).length).toBeGreaterThan(0);
    await spool.close();
    expect(handles[0]?.fd).toBe(-1);
  });

  test('that cannot make its file says why', async () => {
    const spool = new Spool(() => openNameless(join(folder, 'none')));
    await expect(fill(spool, pattern(2_000_000), 65_536)).rejects.toMatchObject({
      code: 'GW_SPOOL_FAILED',
      status: 503,
      message: 'The upload could not be kept on disk (ENOENT).',
    });
    await spool.close();
  });

  test('that is full says so, and lets go of its file', async () => {
    let closed = 0;
    const full = {
      write: () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
      close: () => Promise.resolve(void closed++),
    } as unknown as FileHandle;
    const spool = new Spool(() => Promise.resolve(full));
    await expect(fill(spool, pattern(2_000_000), 65_536)).rejects.toMatchObject({
      message: 'The upload could not be kept on disk (ENOSPC).',
    });
    await spool.close();
    await spool.close();
    expect(closed).toBe(1);
  });

  test('that is closed while it writes stops, and gives nothing more', async () => {
    const spool = new Spool(() => openNameless(folder));
    void spool.append(pattern(900_000));
    const waiting = spool.append(pattern(900_000));
    await Promise.all([spool.close(), waiting]);
    await expect(spool.read(0, 10)).rejects.toThrow('closed');
  });
});

test('what a crash has left is cleared, and nothing else', async () => {
  const now = 1_800_000_000_000;
  const make = async (name: string, age: number): Promise<void> => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'spool'), 'x');
    await utimes(join(folder, name), (now - age) / 1000, (now - age) / 1000);
  };
  await make('gatewright-upload-old', 61_000);
  await make('gatewright-upload-new', 1_000);
  await make('somebody-elses', 999_000);
  await symlink(join(folder, 'somebody-elses'), join(folder, 'gatewright-upload-link'));
  await clearLeftovers(now, folder);
  const left = await readdir(folder);
  expect(left.toSorted()).toEqual(['gatewright-upload-link', 'gatewright-upload-new', 'somebody-elses']);
  expect((await stat(join(folder, 'somebody-elses', 'spool'))).size).toBe(1);
  await expect(clearLeftovers(now, join(folder, 'none'))).resolves.toBeUndefined();
});
