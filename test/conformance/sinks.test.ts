/** The sinks keep what the testkit asks of everybody's. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import logPino from '@gatewright/log-pino';
import metrics from '@gatewright/metrics-prometheus';
import { sinkSuite } from '@gatewright/testkit';
import { describe, test } from 'vitest';
import { manifestOf } from './manifest.ts';

describe('log-pino', () => {
  sinkSuite(
    { describe, test },
    {
      plugin: logPino,
      manifest: manifestOf('log-pino'),
      options: { destination: 'exchanges.log' },
      tells: 'records',
      open: async () => {
        const folder = mkdtempSync(join(tmpdir(), 'gatewright-sink-'));
        const destination = join(folder, 'log');
        return {
          options: { destination },
          read: async () => (existsSync(destination) ? readFileSync(destination, 'utf8') : ''),
          close: async () => rmSync(folder, { recursive: true }),
        };
      },
    },
  );
});

describe('metrics-prometheus', () => {
  const token = 'a-token-that-opens-nothing-0123';
  sinkSuite(
    { describe, test },
    {
      plugin: metrics,
      manifest: manifestOf('metrics-prometheus'),
      options: { token },
      credentials: [token],
      tells: 'counts',
      readsClosed: false,
      open: async () => ({
        options: { token },
        read: async (gateway) => {
          const headers = { authorization: `Bearer ${token}` };
          return (await gateway.inject({ url: '/metrics', headers })).payload;
        },
      }),
    },
  );
});
