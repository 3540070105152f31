/** Material is found where it is said to be, and its absence is explained. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bytesOf, recordings, specs } from './material.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'material-'));
  mkdirSync(join(folder, 'api'));
  for (const name of ['b.json', 'a.json', 'c.txt']) writeFileSync(join(folder, 'api', name), `{"is":"${name}"}`);
  vi.stubEnv('GATEWRIGHT_RECORDINGS', folder);
  vi.stubEnv('GATEWRIGHT_SPECS', folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('files that fit are listed in order, and read by the names in the list', () => {
  const there = recordings('api');
  expect([there.found, there.absence]).toEqual([true, '']);
  const names = there.list('api', /\.json$/);
  expect(names).toEqual([join('api', 'a.json'), join('api', 'b.json')]);
  expect(names.map((name) => there.json(name))).toEqual([{ is: 'a.json' }, { is: 'b.json' }]);
  expect(there.text(join('api', 'c.txt'))).toBe('{"is":"c.txt"}');
});

test('where a part of it is missing, all is, and the absence says what, where and how to help', () => {
  const absent = specs('api', 'other.json');
  expect(absent.found).toBe(false);
  expect(absent.absence).toBe(` (skipped: no other.json at ${folder}; set GATEWRIGHT_SPECS)`);
  expect(absent.list('api', /./)).toEqual([]);
});

test('where the folder is missing, its absence says so', () => {
  vi.stubEnv('GATEWRIGHT_RECORDINGS', join(folder, 'none'));
  expect(recordings().absence).toMatch(/no recordings at .*none; set GATEWRIGHT_RECORDINGS/);
});

test('bodies that a recorder kept as Base64 are bytes again', () => {
  expect([bytesOf('base64:AP8='), bytesOf('base')]).toEqual([Buffer.from([0, 255]), Buffer.from('base')]);
});
