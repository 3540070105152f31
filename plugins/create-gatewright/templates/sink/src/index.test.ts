/** Holds the plugin to the contract, and to what it is for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sinkSuite } from '@gatewright/testkit';
import plugin from './index.ts';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@gatewright/core';
import { ManualClock } from '@gatewright/testkit';
import { ask, gatewayWith } from './gateway.test.kit.ts';
import { Lines } from './lines.ts';

// What every sink keeps: the last test of the suite has the badge for its name.
sinkSuite(
  { describe, test },
  {
    plugin,
    manifest: new URL('../package.json', import.meta.url),
    options: { file: 'exchanges.jsonl' },
    tells: 'records',
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'my-sink-'));
      const file = join(folder, 'exchanges.jsonl');
      return { options: { file }, read: () => readFile(file, 'utf8'), close: () => rm(folder, { recursive: true }) };
    },
  },
);

describe('lines', () => {
  test('are written together, in their order, and those that cannot be written are said', async () => {
    const written: string[] = [];
    const errors: string[] = [];
    const clock = new ManualClock();
    const write = async (text: string): Promise<void> => {
      if (text.includes('bad')) throw new Error('no space left');
      written.push(text);
    };
    const lines = new Lines(write, 1000, clock, { ...silentLogger, error: (message) => void errors.push(message) });
    lines.add('a');
    lines.add('b');
    assert.deepEqual(written, []);
    clock.advance(1000);
    lines.add('bad');
    await lines.flush();
    lines.add('c');
    await lines.flush();
    assert.deepEqual(written, ['a\nb\n', 'c\n']);
    assert.match(errors.join(), /^1 lines could not be written and are lost: Error: no space left$/);
  });
});

describe('an exchange', () => {
  test('is a line in the file once the gateway has closed', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sink-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'exchanges.jsonl');
    const gateway = await gatewayWith({ file }, t);
    await ask(gateway, 'Why?');
    await gateway.close();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    assert.equal(lines.length, 1);
    const { model, status } = JSON.parse(lines[0] ?? '') as { model: string; status: number };
    assert.deepEqual([model, status], ['demo', 200]);
  });

  test('cannot begin where the file cannot be written', async (t) => {
    await assert.rejects(gatewayWith({ file: join(tmpdir(), 'no', 'such', 'folder', 'x.jsonl') }, t), /my-sink/);
  });
});
