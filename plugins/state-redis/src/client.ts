/** The client of a server or a cluster, from the options. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { StateRedisOptions } from './options.ts';

export type ClientSettings = Pick<
  StateRedisOptions,
  'url' | 'cluster' | 'sentinel' | 'db' | 'username' | 'password' | 'tls' | 'commandTimeout' | 'connectTimeout'
>;

/** Milliseconds between two tries to connect, at most. */
const RETRY = 1000;

/** A client that has not connected yet. It queues nothing: a command without a connection fails. */
export function openClient(settings: ClientSettings): Redis | Cluster {
  const { url, cluster, sentinel } = settings;
  const shared = sharedOptions(settings);
  const own = { ...shared, lazyConnect: true, enableOfflineQueue: false, retryStrategy };
  if (sentinel !== undefined) return new Redis({ ...own, ...sentinelOptions(sentinel, settings) });
  if (cluster === undefined) return new Redis(url, own);
  return new Cluster([...cluster], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshTimeout: settings.connectTimeout,
    maxRedirections: 8,
    retryDelayOnTryAgain: 20,
    retryDelayOnFailover: 100,
    retryDelayOnClusterDown: 100,
    redisOptions: shared,
  });
}

const retryStrategy = (times: number): number => Math.min(20 * 2 ** Math.min(times, 10), RETRY);

function sharedOptions(settings: ClientSettings): Omit<RedisOptions, 'replyMapping'> {
  const { username, password, tls, commandTimeout, connectTimeout } = settings;
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined || tls === false ? {} : { tls: tls === true ? {} : withoutGaps(tls) }),
    commandTimeout,
    connectTimeout,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A server that was a primary and is a replica now: the address leads to the new one after connecting again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

/** The primary is asked for again with every connection; sentinels end the connections of one that is it no more. */
function sentinelOptions(
  { nodes, name, username, password, tls }: NonNullable<ClientSettings['sentinel']>,
  settings: ClientSettings,
): Omit<RedisOptions, 'replyMapping'> {
  const { db, connectTimeout } = settings;
  return {
    sentinels: [...nodes],
    name,
    role: 'master',
    db,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(tls === false ? {} : { sentinelTLS: tls === true ? {} : withoutGaps(tls) }),
    enableTLSForSentinelMode: settings.tls !== undefined && settings.tls !== false,
    sentinelCommandTimeout: connectTimeout,
    sentinelRetryStrategy: retryStrategy,
  };
}

/** Without the fields that are undefined. */
function withoutGaps(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}
