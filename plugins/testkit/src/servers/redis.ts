/** Redis servers of a test's own: one, or a cluster of three primaries, with data folders of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from './install.ts';
import { freePort } from './port.ts';

export interface RedisServer {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Kills it, as a crash would. What `start` finds is what Redis had saved: nothing, unless `command('save')` was sent. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Stops and continues the process: it takes connections and answers nothing. */
  pause(): void;
  resume(): void;
  /** Sends one command, and answers the reply as it came. Throws what Redis calls an error. */
  command(...parts: readonly string[]): Promise<string>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

const SLOTS = 16_384;

/** So many ports are tried: one that was free, or the one of a cluster beside it, may be taken by the time that Redis wants it. */
const PORTS = 5;

/** Starts a server. `settings` are those of redis.conf; without any, it evicts nothing and saves only when told to. */
export async function startRedis(
  settings: Readonly<Record<string, string>> = {},
  port: () => Promise<number> = freePort,
): Promise<RedisServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOn(await port(), settings);
    } catch (error) {
      if (tries === PORTS || !(error as Error).message.includes('Address already in use')) throw error;
    }
  }
}

async function startOn(port: number, settings: Readonly<Record<string, string>>): Promise<RedisServer> {
  const redis = findProgram({ name: 'redis-server', folders: () => [], debianPackage: 'redis-server' });
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-redis-'));
  const own = {
    bind: '127.0.0.1',
    port: `${port}`,
    dir: folder,
    save: '',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  const flags = Object.entries(own).flatMap(([name, value]) => [`--${name}`, value]);
  let child: ChildProcess | undefined;
  // A test that fails half way stops nothing.
  const clear = (): void => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    async start() {
      child = spawn(redis, flags, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
      await ready(child);
    },
    crash: () => ended(child, 'SIGKILL'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    command: (...parts) => command(port, parts),
    async stop() {
      await ended(child, 'SIGKILL');
      process.off('exit', clear);
      clear();
    },
  };
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Starts a cluster of primaries, which share the slots evenly. */
export async function startRedisCluster(size = 3): Promise<RedisCluster> {
  const settings = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '2000' };
  const nodes = await Promise.all(Array.from({ length: size }, () => startRedis(settings)));
  const [first] = nodes;
  if (first === undefined) throw new Error('A cluster needs at least one node.');
  for (const [index, node] of nodes.entries()) {
    const [from, until] = [index, index + 1].map((edge) => Math.floor((edge * SLOTS) / size)) as [number, number];
    await node.command('cluster', 'addslotsrange', `${from}`, `${until - 1}`);
    await node.command('cluster', 'set-config-epoch', `${index + 1}`);
    if (node !== first) await node.command('cluster', 'meet', '127.0.0.1', `${first.port}`);
  }
  for (const node of nodes) {
    while (!(await isWhole(node, size))) await sleep(50);
  }
  return {
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** One that watches a primary and its replicas, and puts a replica in its place when it is gone. */
export interface RedisSentinel {
  readonly port: number;
  /** The port of the server that it takes for the primary. */
  primary(): Promise<number>;
  /** How many replicas it knows. */
  replicas(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a sentinel over a primary, which it calls `name`; alone it decides, after 300 milliseconds without an answer. */
export async function startRedisSentinel(primary: RedisServer, name: string): Promise<RedisSentinel> {
  const redis = findProgram({ name: 'redis-server', folders: () => [], debianPackage: 'redis-server' });
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-sentinel-'));
  const port = await freePort();
  const settings = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds ${name} 300`,
    `sentinel failover-timeout ${name} 3000`,
  ];
  // It writes what it learns into its file.
  const file = join(folder, 'sentinel.conf');
  writeFileSync(file, `${settings.join('\n')}\n`);
  const child = spawn(redis, [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  const clear = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  await ready(child, /\+monitor master/);
  return {
    port,
    async primary() {
      const reply = await command(port, ['sentinel', 'get-master-addr-by-name', name]);
      return Number(reply.split('\r\n')[4]);
    },
    async replicas() {
      return (await command(port, ['sentinel', 'replicas', name])).split('runid').length - 1;
    },
    async stop() {
      await ended(child, 'SIGKILL');
      process.off('exit', clear);
      clear();
    },
  };
}

async function isWhole(node: RedisServer, size: number): Promise<boolean> {
  const info = await node.command('cluster', 'info');
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${size}`);
}

async function ready(child: ChildProcess, sign = /ready to accept connections/i): Promise<void> {
  let said = '';
  const { stdout } = child;
  await new Promise<void>((resolve, reject) => {
    stdout?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4000);
      if (sign.test(said)) resolve();
    });
    // When all that it said has come.
    child.once('close', (code) => reject(new Error(`Redis ended with code ${code}: ${said}`)));
    child.once('error', reject);
  });
}

async function command(port: number, parts: readonly string[]): Promise<string> {
  const words = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.end(`*${parts.length}\r\n${words.join('')}`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const reply = Buffer.concat(chunks).toString();
  if (reply.startsWith('-')) throw new Error(`Redis refused ${parts.join(' ')}: ${reply.slice(1).trim()}`);
  return reply;
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}
