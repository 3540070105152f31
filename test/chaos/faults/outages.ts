/** Redis or PostgreSQL is out of reach, silent, slow, or empty. */
import type { Fault } from '../fault.ts';
import { outage } from './outage.ts';

export const outages: readonly Fault[] = [
  outage({
    name: 'Redis out of reach, budgets closed',
    begin: (site) => site.toRedis.cut(),
    end: (site) => site.toRedis.restore(),
    allowed: [200, 503],
    serves: false,
  }),
  outage({
    name: 'Redis out of reach, budgets open for a dollar each',
    settings: { allowance: '1' },
    begin: (site) => site.toRedis.cut(),
    end: (site) => site.toRedis.restore(),
    // A long outage uses the dollar up.
    allowed: [200, 503],
    serves: true,
  }),
  outage({
    name: 'Redis silent, budgets closed',
    begin: (site) => site.toRedis.silence(),
    end: (site) => site.toRedis.restore(),
    allowed: [200, 503],
    serves: false,
  }),
  outage({
    name: 'Redis slow',
    begin: (site) => site.toRedis.slow(20),
    end: (site) => site.toRedis.restore(),
    allowed: [200],
    serves: true,
  }),
  outage({
    name: 'Redis loses everything',
    begin: async (site) => void (await site.servers.redis.command('FLUSHALL')),
    end: () => undefined,
    allowed: [200, 503],
    serves: false,
  }),
  outage({
    name: 'PostgreSQL out of reach',
    times: 2,
    begin: (site) => site.toPostgres.cut(),
    end: (site) => site.toPostgres.restore(),
    allowed: [200],
    serves: true,
  }),
  outage({
    name: 'PostgreSQL silent',
    times: 2,
    begin: (site) => site.toPostgres.silence(),
    end: (site) => site.toPostgres.restore(),
    allowed: [200],
    serves: true,
  }),
  outage({
    name: 'PostgreSQL slow',
    times: 2,
    begin: (site) => site.toPostgres.slow(100),
    end: (site) => site.toPostgres.restore(),
    allowed: [200],
    serves: true,
  }),
  outage({
    name: 'Redis and PostgreSQL slow at once',
    begin(site) {
      site.toRedis.slow(20);
      site.toPostgres.slow(100);
    },
    end(site) {
      site.toRedis.restore();
      site.toPostgres.restore();
    },
    allowed: [200],
    serves: true,
  }),
];
