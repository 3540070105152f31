/** The store keeps the contract of stores, one gateway to a file, and what it has answered. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isGatewayError, systemClock } from '@gatewright/core';
import { storeSuite } from '@gatewright/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookInto, openStore } from './store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-sqlite-'));
  file = join(folder, 'new', 'records.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

storeSuite(
  { describe, test },
  {
    async open() {
      const store = openStore(file, systemClock);
      await store.ready;
      return { store, replica: store, close: () => store.close() };
    },
  },
);

test('what was written is there when the file is opened again', async () => {
  const first = openStore(file, systemClock);
  await first.write([{ kind: 'team', id: 'a', value: 1 }]);
  await first.close();
  const second = openStore(file, systemClock);
  expect((await second.get('team', 'a'))?.value).toBe(1);
  await second.close();
});

test('a second gateway on the same file is refused, also from another process, and let in when the first is gone', async () => {
  const first = openStore(file, systemClock);
  await first.ready;
  expect(() => openStore(file, systemClock)).toThrow(/another gateway is using .*records\.db.*store-postgres/);
  const lock = JSON.stringify(join(import.meta.dirname, 'lock.ts'));
  const script = `import(${lock}).then(({ lock }) => lock(${JSON.stringify(file)})).then(() => process.exit(0), () => process.exit(7))`;
  const other = spawn(process.execPath, ['--no-warnings', '-e', script]);
  expect(await new Promise((resolve) => other.once('exit', resolve))).toBe(7);
  await first.close();
  await openStore(file, systemClock).close();
});

test('a file that a gateway uses can be looked into, and is not changed by that', async () => {
  const first = openStore(file, systemClock);
  await first.write([{ kind: 'team', id: 'a', value: 1 }]);
  const look = lookInto(file, systemClock);
  expect((await look.get('team', 'a'))?.value).toBe(1);
  await expect(look.write([{ kind: 'team', id: 'b', value: 2 }])).rejects.toThrow(/readonly/);
  await look.close();
  await first.close();
});

test('tables of an earlier version are not brought up to date by a look, which says so', async () => {
  writeFileSync(join(folder, 'old.db'), '');
  const look = lookInto(join(folder, 'old.db'), systemClock);
  await expect(look.get('team', 'a')).rejects.toThrow(
    /those of an earlier version; the gateway brings them up to date/,
  );
  await look.close();
});

test('a process that is killed leaves no lock, and nothing that was answered is lost', async () => {
  const script = `
    import { openStore } from ${JSON.stringify(join(import.meta.dirname, 'store.ts'))};
    const store = openStore(${JSON.stringify(file)}, { now: () => 1 });
    for (let n = 0; ; n++) {
      await store.write([{ kind: 'team', id: 't' + n, value: n }]);
      process.stdout.write(n + '\\n');
    }`;
  const script_file = join(folder, 'writer.ts');
  writeFileSync(script_file, script);
  const child = spawn(process.execPath, ['--no-warnings', '--conditions=gatewright-source', script_file], {
    cwd: import.meta.dirname,
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split('\n').length > 20) resolve();
    });
    child.once('exit', () => reject(new Error(`The writer ended: ${said}`)));
  });
  child.removeAllListeners('exit');
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const answered = Number(said.trim().split('\n').at(-1));
  const store = openStore(file, systemClock);
  expect((await store.get('team', `t${answered}`))?.value).toBe(answered);
  await store.close();
});

test('a file that is no database is refused with its name', async () => {
  const broken = join(folder, 'broken.db');
  writeFileSync(broken, 'not a database, and long enough to be looked at as one'.repeat(100));
  const store = openStore(broken, systemClock);
  const error: unknown = await store.ready.catch((one: unknown) => one);
  expect(isGatewayError(error) && error.code).toBe('GW_STORE_UNAVAILABLE');
  expect((error as Error).message).toMatch(/broken\.db failed: file is not a database/);
  await store.close();
});

test('tables of a newer version are left alone', async () => {
  await openStore(file, systemClock).close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const store = openStore(file, systemClock);
  await expect(store.ready).rejects.toThrow(/newer version \(schema 99/);
  await store.close();
});
