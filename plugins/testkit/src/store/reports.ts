/** Reports: sums of rows by what they are about. */
import assert from 'node:assert/strict';
import type { UsageReportRow } from '@gatewright/core';
import { addRows, row } from './row.ts';
import type { WithStore } from './suite.ts';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const TOKENS = {
  input: 10,
  cacheRead: 1,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 5,
  reasoning: 2,
  audioInput: 0,
  audioOutput: 0,
  imageInput: 0,
  imageOutput: 0,
};

const ROWS = [
  row({ id: '1', time: NOON, team: 'core', tags: ['x', 'y'], nanos: 10n, usage: TOKENS }),
  row({ id: '2', time: NOON + DAY, team: 'core', tags: ['x'], nanos: 5n, usage: TOKENS }),
  row({ id: '3', time: NOON + DAY, team: 'edge', nanos: 1n, result: 'error', status: 502 }),
  row({ id: '4', time: NOON + 2 * DAY }),
];

const said = (rows: readonly UsageReportRow[]): string[] =>
  rows
    .map(({ group, requests, failures, inputTokens, outputTokens, nanos }) => {
      const names = Object.values(group).join('/');
      return `${names}: ${requests} requests, ${failures} failed, ${inputTokens}+${outputTokens} tokens, ${nanos}`;
    })
    .toSorted();

export function reportTests(withStore: WithStore): void {
  withStore('rows are summed by the fields asked for', async ({ store }) => {
    await addRows(store, ROWS);
    assert.deepEqual(said(await store.report({}, [])), [': 4 requests, 1 failed, 22+14 tokens, 16']);
    assert.deepEqual(said(await store.report({}, ['team'])), [
      ': 1 requests, 0 failed, 0+0 tokens, 0',
      'core: 2 requests, 0 failed, 22+14 tokens, 15',
      'edge: 1 requests, 1 failed, 0+0 tokens, 1',
    ]);
    assert.deepEqual(said(await store.report({ from: NOON + DAY }, ['day', 'team'])), [
      '2026-11-23/core: 1 requests, 0 failed, 11+7 tokens, 5',
      '2026-11-23/edge: 1 requests, 1 failed, 0+0 tokens, 1',
      '2026-11-24/: 1 requests, 0 failed, 0+0 tokens, 0',
    ]);
  });

  withStore('a row with several tags counts for each of them', async ({ store }) => {
    await addRows(store, ROWS);
    assert.deepEqual(said(await store.report({ where: { team: 'core' } }, ['tag'])), [
      'x: 2 requests, 0 failed, 22+14 tokens, 15',
      'y: 1 requests, 0 failed, 11+7 tokens, 10',
    ]);
    assert.deepEqual(said(await store.report({ where: { tag: 'y' } }, [])), [
      ': 1 requests, 0 failed, 11+7 tokens, 10',
    ]);
  });

  withStore('adjustments are no requests, and their amounts count', async ({ store }) => {
    await addRows(store, [...ROWS, row({ id: '5', type: 'adjustment', time: NOON, nanos: -4n, result: 'adjustment' })]);
    assert.deepEqual(said(await store.report({}, [])), [': 4 requests, 1 failed, 22+14 tokens, 12']);
  });

  withStore('a report of nothing is one row of zeros, or none by group', async ({ store }) => {
    assert.deepEqual(said(await store.report({}, [])), [': 0 requests, 0 failed, 0+0 tokens, 0']);
    assert.deepEqual(await store.report({}, ['model']), []);
  });
}
