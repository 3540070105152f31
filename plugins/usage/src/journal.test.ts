/** The journal loses no row: not when the store is away, not when the disk is full, not when the process is killed. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  silentLogger,
  systemClock,
  usageRowFromJson,
  usageRowsIn,
  type Logger,
  type RowOutcome,
  type Store,
  type UsageRow,
} from '@gatewright/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageJournal, type JournalOptions } from './journal.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatewright-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A store of usage alone, that can be away. */
class Rows {
  readonly ids: string[] = [];
  away = false;
  batches = 0;
  readonly store = { addUsage: (lines: Uint8Array) => this.#add(usageRowsIn(lines)) } as Partial<Store> as Store;
  async #add(rows: readonly string[]): Promise<RowOutcome[]> {
    await Promise.resolve();
    if (this.away) throw new Error('away');
    this.batches++;
    return rows.map(usageRowFromJson).map(({ id }) => {
      if (this.ids.includes(id)) return 'duplicate';
      this.ids.push(id);
      return 'new';
    });
  }
}

const row = (id: string): UsageRow => ({
  id,
  type: 'final',
  exchange: 'e',
  time: 1,
  operation: 'chat',
  model: 'm',
  provider: 'p',
  upstreamModel: 'u',
  key: 'k',
  result: 'success',
  status: 200,
  stream: false,
  usageComplete: true,
  duration: 1,
  postings: [],
});

function open(rows: Rows, over: Partial<JournalOptions> = {}, log: Logger = silentLogger): UsageJournal {
  const options = { directory, segmentSize: 1 << 20, durable: false, ...over };
  const journal = new UsageJournal(options, rows.store, systemClock, log);
  journal.remember();
  return journal;
}

const until = async (test: () => boolean): Promise<void> => {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `a-${from + n}`);
const files = (): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.rows'));

test('rows are in a file at once, in the store soon, and the file is gone when all of it is there', async () => {
  const rows = new Rows();
  const journal = open(rows, { durable: true });
  await Promise.all(ids(0, 50).map(async (id) => journal.write(row(id))));
  expect(files()).toHaveLength(1);
  await until(() => rows.ids.length === 50);
  expect(rows.batches).toBeLessThan(50);
  await journal.close();
  expect(readdirSync(directory)).toEqual([]);
});

test('while the store is away rows wait, and none is lost or counted twice when it is back', async () => {
  const rows = new Rows();
  rows.away = true;
  const journal = open(rows, { segmentSize: 4096 });
  for (const id of ids(0, 200)) await journal.write(row(id));
  expect(files().length).toBeGreaterThan(5);
  rows.away = false;
  await until(() => rows.ids.length === 200);
  await journal.close();
  expect(files()).toEqual([]);
  expect(rows.ids).toEqual(ids(0, 200));
});

test('more rows than memory may hold are read from the files again', async () => {
  const rows = new Rows();
  rows.away = true;
  const journal = open(rows, { segmentSize: 1 << 20 });
  for (const id of ids(0, 25_000)) await journal.write(row(id));
  rows.away = false;
  const pause = await journal.pause();
  expect(new Set(rows.ids)).toEqual(new Set(ids(0, 25_000)));
  pause.resume();
  await journal.close();
  expect(files()).toEqual([]);
}, 60_000);

test('a pause brings what was written to the store, keeps later rows back, and knows which is which', async () => {
  const rows = new Rows();
  const journal = open(rows);
  const place = { scope: 'a', unit: 'nanos', window: 'total', name: 'total', period: '' } as const;
  const postings = [{ ...place, kind: 'budget', held: 1n, actual: 1n }] as const;
  await journal.write({ ...row('before'), postings });
  const pause = await journal.pause();
  await journal.write(row('after'));
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(rows.ids).toEqual(['before']);
  expect([pause.has('before'), pause.has('after')]).toEqual([true, false]);
  const since = (time: number): string[] => (pause.storedSince?.(time) ?? []).map(({ id }) => id);
  expect([since(0), since(Date.now() + 1000)]).toEqual([['before'], []]);
  pause.resume();
  await until(() => rows.ids.length === 2);
  await journal.close();
});

test('a pause within another tells what that one keeps back, and does not take it for stored', async () => {
  const rows = new Rows();
  const journal = open(rows);
  await journal.write(row('before'));
  const outer = await journal.pause();
  await journal.write(row('between'));
  const inner = await journal.pause();
  await journal.write(row('after'));
  expect(['before', 'between', 'after'].map((id) => inner.has(id))).toEqual([true, false, false]);
  expect(inner.heldBack?.().map(({ id }) => id)).toEqual(['between']);
  expect(outer.heldBack?.()).toEqual([]);
  outer.resume();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(rows.ids).toEqual(['before']);
  inner.resume();
  await until(() => rows.ids.length === 3);
  await journal.close();
});

test('a pause fails where the store is away, and rows go on when it is back', async () => {
  const rows = new Rows();
  const journal = open(rows);
  rows.away = true;
  await journal.write(row('one'));
  await expect(journal.pause()).rejects.toThrow('away');
  rows.away = false;
  await until(() => rows.ids.length === 1);
  await journal.close();
});

test('a full disk is said, keeps its row, takes no new ones, and mends', async () => {
  const rows = new Rows();
  const said: string[] = [];
  const log = { ...silentLogger, error: (message: string) => void said.push(message) };
  const journal = open(rows, { segmentSize: 4096 }, log);
  await journal.write(row('first'));
  const [first = ''] = files();
  const second = join(directory, first.replace('000001', '000002'));
  symlinkSync('/dev/full', second);
  let written = 0;
  let failure: unknown;
  for (; failure === undefined; written++) {
    try {
      await journal.write(row(`a-${written}`));
    } catch (error) {
      failure = error;
    }
  }
  expect((failure as Error).message).toMatch(/ENOSPC/);
  expect(journal.failure).toMatch(/ENOSPC/);
  expect(said).toEqual(['The usage journal cannot be written: no new requests are taken until it can.']);
  await journal.close();
  expect(rows.ids).toEqual(['first', ...ids(0, written)]);
});

test('what a killed process has left is brought to the store by the next, a torn row left out, bad bytes kept', async () => {
  const script = join(directory, 'writer.ts');
  writeFileSync(
    script,
    `import { UsageJournal } from ${JSON.stringify(join(import.meta.dirname, 'journal.ts'))};
     import { silentLogger, systemClock } from ${JSON.stringify(join(import.meta.dirname, '../../../core/src/index.ts'))};
     const store = { addUsage: () => new Promise(() => {}) };
     const options = { directory: ${JSON.stringify(directory)}, segmentSize: 1 << 20, durable: false };
     const journal = new UsageJournal(options, store, systemClock, silentLogger);
     const row = ${JSON.stringify(row('x'))};
     for (let n = 0; ; n++) {
       await journal.write({ ...row, id: 'a-' + n });
       process.stdout.write(n + '\\n');
       if (n % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 1));
     }`,
  );
  const child = spawn(process.execPath, ['--no-warnings', '--conditions=gatewright-source', script]);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => said.split('\n').length > 100 || child.exitCode !== null);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const acknowledged = said.trim().split('\n').length;
  const [left = ''] = files();
  const path = join(directory, left);
  const bytes = readFileSync(path);
  bytes[20] = 0;
  writeFileSync(path, Buffer.concat([bytes, Buffer.from('torn')]));
  rmSync(script);
  const rows = new Rows();
  const journal = open(rows);
  await journal.collect();
  // The first row is the one whose bytes were changed.
  await until(() => rows.ids.length >= acknowledged - 1);
  expect(rows.ids.slice(0, acknowledged - 1)).toEqual(ids(1, acknowledged));
  await until(() => !existsSync(path));
  expect(existsSync(`${path}.bad`)).toBe(true);
  await journal.close();
});

test('the folder of a process that lives is left alone', async () => {
  const rows = new Rows();
  const other = new Rows();
  rows.away = true;
  const journal = open(rows);
  await journal.write(row('mine'));
  const [folder = ''] = readdirSync(directory);
  // This process stands for the other one: it lives, and is not the one that looks.
  writeFileSync(join(directory, folder, 'owner.json'), JSON.stringify({ host: 'elsewhere', pid: 1 }));
  const looking = open(other);
  await looking.collect();
  await looking.close();
  expect(other.ids).toEqual([]);
  rows.away = false;
  await until(() => rows.ids.length === 1);
  await journal.close();
});
