/** Redis comes back with what it knew a while ago: from an old dump, or as a replica that was behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import type { Fault } from '../fault.ts';
import { load, type Servers } from '../site.ts';
import { outage } from './outage.ts';

function fromDump(): Fault {
  let redis: RedisServer | undefined;
  return outage({
    name: 'Redis is restarted from an old dump',
    async prepare(servers: Servers) {
      const started = (redis = await startRedis());
      return { servers: { ...servers, redis: started }, close: () => started.stop() };
    },
    async begin(site) {
      await redis?.command('save');
      await load(site, 40, 4);
      await redis?.crash();
      await redis?.start();
    },
    end: () => undefined,
    allowed: [200, 503],
    serves: false,
  });
}

function behind(): Fault {
  let [primary, replica]: (RedisServer | undefined)[] = [];
  return outage({
    name: 'Redis fails over to a replica that was behind',
    async prepare(servers: Servers) {
      const [first, second] = await Promise.all([startRedis(), startRedis()]);
      [primary, replica] = [first, second];
      await second.command('replicaof', '127.0.0.1', `${first.port}`);
      while (!(await second.command('info', 'replication')).includes('master_link_status:up')) await sleep(20);
      const close = async (): Promise<void> => void (await Promise.all([first.stop(), second.stop()]));
      return { servers: { ...servers, redis: first }, close };
    },
    async begin(site) {
      // From here on it hears nothing more.
      await replica?.command('replicaof', 'no', 'one');
      await load(site, 40, 4);
      site.toRedis.lead(replica?.port ?? 0);
      await primary?.crash();
    },
    end: () => undefined,
    allowed: [200, 503],
    serves: false,
  });
}

export const olderStates: readonly Fault[] = [fromDump(), behind()];
