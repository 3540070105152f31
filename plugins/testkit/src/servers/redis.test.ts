/** Redis servers start, crash and come back as a test wants them. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './port.ts';
import { startRedis, startRedisCluster } from './redis.ts';

test('a server forgets what it has not saved when it crashes, and answers again on the same port', async () => {
  const server = await startRedis();
  await server.command('set', 'saved', 'a b');
  await server.command('save');
  await server.command('set', 'lost', '1');
  await server.crash();
  await expect(server.command('ping')).rejects.toThrow('ECONNREFUSED');
  await server.start();
  expect(await server.command('get', 'saved')).toBe('$3\r\na b\r\n');
  expect(await server.command('get', 'lost')).toBe('$-1\r\n');
  await expect(server.command('nonsense')).rejects.toThrow('Redis refused nonsense: ERR unknown command');
  await server.stop();
});

test('a port that somebody else has taken meanwhile, also that of a cluster, is left to him', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const taken = (other.address() as AddressInfo).port;
  const ports = [taken, await freePort()];
  const server = await startRedis({}, async () => ports.shift() ?? 0);
  expect([server.port === taken, await server.command('ping')]).toEqual([false, '+PONG\r\n']);
  await server.stop();
  const node = startRedis({ 'cluster-enabled': 'yes', 'cluster-port': `${taken}` });
  await expect(node).rejects.toThrow('Address already in use');
  other.close();
});

test('takes settings, and evicts nothing unless told to', async () => {
  const [plain, other] = await Promise.all([startRedis(), startRedis({ 'maxmemory-policy': 'allkeys-lru' })]);
  expect(await plain.command('config', 'get', 'maxmemory-policy')).toContain('noeviction');
  expect(await other.command('config', 'get', 'maxmemory-policy')).toContain('allkeys-lru');
  await Promise.all([plain.stop(), other.stop()]);
});

test('a cluster of three has all slots, each on one node', async () => {
  const cluster = await startRedisCluster();
  const answers = await Promise.allSettled(cluster.nodes.map((node) => node.command('set', 'key', '1')));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await cluster.nodes[0]?.command('cluster', 'info')).toContain('cluster_slots_ok:16384');
  await cluster.stop();
});
