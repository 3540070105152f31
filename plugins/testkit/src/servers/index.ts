/** Servers for tests: real ones, started from installed binaries on a free port, gone when the test is. */
export { startPostgres, type PostgresServer } from './postgres.ts';
export { startProxy, type FaultProxy } from './proxy.ts';
export {
  startRedis,
  startRedisCluster,
  startRedisSentinel,
  type RedisCluster,
  type RedisSentinel,
  type RedisServer,
} from './redis.ts';
