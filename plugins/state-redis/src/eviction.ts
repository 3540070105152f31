/** Refuses servers that may throw counters away when memory runs out. */
import { GatewayError } from '@gatewright/core';
import { Cluster, type Redis } from 'ioredis';

/** Throws `GW_CONFIG` where a primary does not have `maxmemory-policy noeviction`. */
export async function refuseEviction(client: Redis | Cluster): Promise<void> {
  const servers = client instanceof Cluster ? client.nodes('master') : [client];
  for (const server of servers) {
    const info = await server.info('memory');
    const policy = /maxmemory_policy:([\w-]+)/.exec(info)?.[1];
    if (policy === 'noeviction') continue;
    const { host, port } = server.options;
    throw new GatewayError(
      'GW_CONFIG',
      `The Redis at ${host}:${port} has maxmemory-policy ${policy ?? '(unknown)'}: it would forget what budgets have spent when its memory runs out. Set "maxmemory-policy noeviction" there, and alert on its memory.`,
    );
  }
}
