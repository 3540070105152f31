/** Lines arrive whole and in order; a destination that is slow, broken or gone harms nobody. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock, type Logger } from '@gatewright/core';
import { afterAll, expect, test, vi } from 'vitest';
import { Destination } from './destination.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatewright-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

function open(destination: string, clock: Clock = systemClock): { destination: Destination; told: string[] } {
  const told: string[] = [];
  const tell = (message: string): number => told.push(message);
  const report = { warn: tell, error: tell } as unknown as Logger;
  return { destination: new Destination({ destination, buffer: 65_536 }, clock, report), told };
}

/** Time in which every limit is reached at once. */
const impatient: Clock = {
  ...systemClock,
  after(_delay, task) {
    const immediate = setImmediate(task);
    return () => clearImmediate(immediate);
  },
};

test('a flush has everything written, whatever the number of lines, also those from before the file was open', async () => {
  const path = join(folder, 'flush.log');
  const { destination } = open(path);
  const lines: string[] = [];
  for (let round = 0; round < 20; round++) {
    for (let index = 0; index < 5 * round + 1; index++) {
      const line = `round ${round} line ${index} ${'é'.repeat(index)}\n`;
      lines.push(line);
      destination.write(line);
    }
    await destination.flush();
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
  }
  await destination.close();
});

test('a line does not wait for a flush', async () => {
  const path = join(folder, 'alone.log');
  const { destination } = open(path);
  destination.write('alone\n');
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toBe('alone\n'), { timeout: 5000 });
  await destination.close();
});

test('a file is appended to', async () => {
  const path = join(folder, 'append.log');
  for (const line of ['one\n', 'two\n']) {
    const { destination } = open(path);
    destination.write(line);
    await destination.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
});

test('after the end, writing, flushing and closing again do nothing', async () => {
  const path = join(folder, 'closed.log');
  const { destination } = open(path);
  destination.write('in time\n');
  await destination.close();
  destination.write('too late\n');
  await destination.flush();
  await destination.close();
  expect(readFileSync(path, 'utf8')).toBe('in time\n');
});

test('a file that cannot be opened says so, and everything else on it does nothing', async () => {
  const { destination, told } = open(join(folder, 'no', 'such', 'folder.log'));
  destination.write('lost\n');
  await expect(destination.opened).rejects.toThrow('ENOENT');
  destination.write('lost\n');
  await destination.flush();
  await destination.close();
  expect(told).toEqual([]);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is said once, and costs neither a request nor the end', async () => {
  const { destination, told } = open('/dev/full');
  await destination.opened;
  for (let index = 0; index < 2000; index++) {
    destination.write(`${'x'.repeat(99)}\n`);
    if (index % 500 === 0) await destination.flush();
  }
  await destination.close();
  expect(told).toEqual([expect.stringMatching(/"\/dev\/full" fails: ENOSPC/)]);
});

test.skipIf(process.platform === 'win32')('a reader that leaves is said once, and costs nothing either', async () => {
  const path = join(folder, 'left.pipe');
  execFileSync('mkfifo', [path]);
  const { destination, told } = open(path);
  const reader = openSync(path, constants.O_RDONLY);
  await destination.opened;
  destination.write('read\n');
  await destination.flush();
  closeSync(reader);
  for (let index = 0; index < 10; index++) {
    destination.write('unread\n');
    await destination.flush();
  }
  await destination.close();
  expect(told).toEqual([expect.stringMatching(/fails: EPIPE/)]);
});

test.skipIf(process.platform === 'win32')('a reader that stops loses what is over the limit', async () => {
  const path = join(folder, 'slow.pipe');
  execFileSync('mkfifo', [path]);
  const { destination, told } = open(path, impatient);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  await destination.opened;
  // The pipe holds 64 KiB and the destination as much again: of 400 KB, most is lost.
  for (let index = 0; index < 400; index++) {
    destination.write(`${'y'.repeat(999)}\n`);
    if (index % 50 === 0) await pause();
  }
  await destination.flush();
  expect(told).toEqual([expect.stringContaining('takes lines too slowly')]);
  let received = 0;
  while (told.length < 2) {
    received += drain(reader);
    await pause();
  }
  received += drain(reader);
  const lost = Number(/takes lines again\. (\d+) lines were lost\./.exec(told[1] ?? '')?.[1]);
  expect(lost).toBeGreaterThan(200);
  expect(received).toBe((400 - lost) * 1000);
  await destination.close();
  closeSync(reader);
});

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 2);
  });
}

/** Empties a pipe that does not block; how many bytes there were. */
function drain(reader: number): number {
  const buffer = Buffer.alloc(65_536);
  let received = 0;
  try {
    for (let count = 1; count > 0;) {
      count = readSync(reader, buffer);
      received += count;
    }
  } catch (error) {
    expect(error).toMatchObject({ code: 'EAGAIN' });
  }
  return received;
}
