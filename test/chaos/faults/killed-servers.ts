/** Redis or PostgreSQL itself is killed, stays away, and is started again with what it then has. */
import { startPostgres, startRedis, type PostgresServer, type RedisServer } from '@gatewright/testkit/servers';
import type { Fault } from '../fault.ts';
import type { Servers } from '../site.ts';
import { outage } from './outage.ts';

function redisKilled(): Fault {
  let redis: RedisServer | undefined;
  return outage({
    name: 'Redis is killed, and started again empty',
    async prepare(servers: Servers) {
      const started = (redis = await startRedis());
      return { servers: { ...servers, redis: started }, close: () => started.stop() };
    },
    begin: () => redis?.crash(),
    end: () => redis?.start(),
    allowed: [200, 503],
    serves: false,
    refuses: true,
  });
}

function postgresKilled(): Fault {
  let postgres: PostgresServer | undefined;
  return outage({
    name: 'PostgreSQL is killed, and started again',
    times: 2,
    async prepare(servers: Servers) {
      const started = (postgres = await startPostgres({ fsync: 'off' }));
      return { servers: { ...servers, postgres: started }, close: () => started.stop() };
    },
    begin: () => postgres?.crash(),
    end: () => postgres?.start(),
    allowed: [200],
    serves: true,
  });
}

export const serversKilled: readonly Fault[] = [redisKilled(), postgresKilled()];
