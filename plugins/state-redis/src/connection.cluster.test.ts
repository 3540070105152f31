/** A client of a cluster that waits for ever for the end of a connection: it is given up, and another one takes its place. */
import { silentLogger, systemClock } from '@gatewright/core';
import { startRedisCluster, type RedisCluster } from '@gatewright/testkit/servers';
import type { Cluster } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { options } from './options.ts';
import { eventually } from './state.test.kit.ts';

let cluster: RedisCluster;
let connection: Connection;
beforeEach(async () => {
  cluster = await startRedisCluster();
  const nodes = cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  connection = new Connection({
    ...options.parse({ cluster: nodes, commandTimeout: 100, connectTimeout: 100 }),
    clock: systemClock,
    log: silentLogger,
  });
  await connection.connect();
});
afterEach(async () => {
  connection.close();
  await cluster.stop();
});

/** What a redirect does to the client's nodes that is read while it hangs up. */
function redirected(client: Cluster): void {
  const [node] = cluster.nodes;
  const { connectionPool } = client as unknown as { connectionPool: { findOrCreate(node: object): unknown } };
  connectionPool.findOrCreate({ host: '127.0.0.1', port: node?.port });
}

const answers = (): Promise<boolean> =>
  connection
    .ask((client) => client.get('key'))
    .then(
      () => true,
      () => false,
    );

test('a client that hangs up for ever is replaced', async () => {
  await eventually(answers);
  const stuck = connection.client as Cluster;
  stuck.disconnect(true);
  redirected(stuck);
  await eventually(async () => !(await answers()));
  await eventually(answers);
  expect(connection.client).not.toBe(stuck);
});
