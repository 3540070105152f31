/** The cache, the guard and the sink that `npm create gatewright` begins with keep what the testkit asks of everybody's. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheSuite, guardSuite, sinkSuite } from '@gatewright/testkit';
import { describe, test } from 'vitest';
import { templateManifest, templatePlugin } from './manifest.ts';

const cache = await templatePlugin('cache');
const guard = await templatePlugin('guard');
const sink = await templatePlugin('sink');

describe('the cache', () => {
  cacheSuite(
    { describe, test },
    {
      plugin: cache,
      manifest: templateManifest('cache'),
      options: { entries: 10, seconds: 60 },
      lifetime: 60_000,
    },
  );
});

describe('the guard', () => {
  guardSuite(
    { describe, test },
    {
      plugin: guard,
      manifest: templateManifest('guard'),
      options: { words: ['project bluebird'], mask: '#' },
      forbidden: 'project bluebird',
      hidden: 'project bluebird',
    },
  );
});

describe('the sink', () => {
  sinkSuite(
    { describe, test },
    {
      plugin: sink,
      manifest: templateManifest('sink'),
      options: { file: 'exchanges.log' },
      tells: 'records',
      open: async () => {
        const folder = mkdtempSync(join(tmpdir(), 'gatewright-sink-'));
        const file = join(folder, 'log');
        return {
          options: { file },
          read: async () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
          close: async () => rmSync(folder, { recursive: true }),
        };
      },
    },
  );
});
