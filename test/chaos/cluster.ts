/** A Redis Cluster whose slots are moved and whose primaries have replicas. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, startRedisCluster, type RedisServer } from '@gatewright/testkit/servers';

const PRIMARIES = 3;

/** The reply's lines without the marks of the protocol. */
async function lines(node: RedisServer, ...parts: string[]): Promise<string[]> {
  const all = (await node.command(...parts)).split('\r\n');
  return all.filter((line) => line !== '' && !/^[*$]-?\d+$/.test(line)).map((line) => line.replace(/^:/, ''));
}

const idOf = async (node: RedisServer): Promise<string> => (await lines(node, 'cluster', 'myid'))[0] ?? '';

export class Cluster {
  readonly primaries: readonly RedisServer[];
  readonly replicas: readonly RedisServer[];

  private constructor(primaries: readonly RedisServer[], replicas: readonly RedisServer[]) {
    this.primaries = primaries;
    this.replicas = replicas;
  }

  /** Three primaries; `replicated`: each with a replica, which takes its place when it is gone. */
  static async start(replicated: boolean): Promise<Cluster> {
    const { nodes: primaries } = await startRedisCluster(PRIMARIES);
    if (!replicated) return new Cluster(primaries, []);
    const settings = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '1000' };
    const replicas = await Promise.all(primaries.map(() => startRedis(settings)));
    const [first] = primaries;
    for (const [index, replica] of replicas.entries()) {
      await replica.command('cluster', 'meet', '127.0.0.1', `${first?.port}`);
      const primary = primaries[index] as RedisServer;
      const id = await idOf(primary);
      // It must have heard of its primary before it can follow it.
      while (!(await replica.command('cluster', 'nodes')).includes(id)) await sleep(20);
      await replica.command('cluster', 'replicate', id);
      while (!(await replica.command('info', 'replication')).includes('master_link_status:up')) await sleep(20);
    }
    return new Cluster(primaries, replicas);
  }

  get ports(): readonly number[] {
    return [...this.primaries, ...this.replicas].map(({ port }) => port);
  }

  /** The primary that has a key. */
  async ownerOf(key: string): Promise<RedisServer | undefined> {
    for (const node of this.primaries) {
      const has = await node.command('exists', key).catch(() => 'elsewhere');
      if (has.startsWith(':')) return node;
    }
    return undefined;
  }

  /** Moves every slot that has keys to the next primary, one slot after another. Answers how many. */
  async moveSlots(): Promise<number> {
    const slots = new Map<string, RedisServer>();
    for (const node of this.primaries) {
      for (const key of await lines(node, 'keys', '*')) {
        const [slot = ''] = await lines(node, 'cluster', 'keyslot', key);
        slots.set(slot, node);
      }
    }
    for (const [slot, from] of slots) await this.#move(slot, from);
    return slots.size;
  }

  async #move(slot: string, from: RedisServer): Promise<void> {
    const to = this.primaries[(this.primaries.indexOf(from) + 1) % this.primaries.length] as RedisServer;
    const [source, target] = [await idOf(from), await idOf(to)];
    await to.command('cluster', 'setslot', slot, 'importing', source);
    await from.command('cluster', 'setslot', slot, 'migrating', target);
    for (;;) {
      const keys = await lines(from, 'cluster', 'getkeysinslot', slot, '50');
      if (keys.length === 0) break;
      await from.command('migrate', '127.0.0.1', `${to.port}`, '', '0', '2000', 'keys', ...keys);
    }
    for (const node of [to, from, ...this.primaries]) await node.command('cluster', 'setslot', slot, 'node', target);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.primaries, ...this.replicas].map((node) => node.stop()));
  }
}
