/** The books hold under every fault, with outages scaled to seconds; `npm run chaos` has the full length. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAULTS } from './faults/index.ts';
import { startServers, type Servers } from './site.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
}, 180_000);
afterAll(() => Promise.all([servers.postgres.stop(), servers.redis.stop()]));

test.each(FAULTS)(
  '$name',
  async ({ run }) => {
    const { seen, wrong } = await run(servers, { load: 1, outage: 1500 });
    expect(wrong, seen).toEqual([]);
  },
  240_000,
);
