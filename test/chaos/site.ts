/** A whole installation to put under faults: PostgreSQL, Redis behind a proxy, a provider with a bill, and gateways as processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  startPostgres,
  startProxy,
  startRedis,
  type FaultProxy,
  type PostgresServer,
  type RedisServer,
} from '@gatewright/testkit/servers';
import { Biller } from './biller.ts';
import type { Settings } from './composition.ts';
import type { CrashPoint } from './crash-points.ts';

const REPLICA = fileURLToPath(new URL('./replica.ts', import.meta.url));

/** The servers, which many sites use one after another. */
export interface Servers {
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
}

export async function startServers(): Promise<Servers> {
  const [postgres, redis] = await Promise.all([startPostgres({ fsync: 'off' }), startRedis()]);
  return { postgres, redis };
}

export class Replica {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  said = '';
  url = '';

  constructor(settings: Settings) {
    this.#child = spawn(
      process.execPath,
      ['--no-warnings', '--conditions=gatewright-source', REPLICA, JSON.stringify(settings)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#ended = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  async ready(): Promise<void> {
    const port = await new Promise<string>((resolve, reject) => {
      this.#child.stdout?.on('data', (chunk: Buffer) => {
        const [, found] = /listening (\d+)/.exec(chunk.toString()) ?? [];
        if (found !== undefined) resolve(found);
      });
      this.#child.once('exit', () => reject(new Error(`The gateway did not start:\n${this.said}`)));
    });
    this.url = `http://127.0.0.1:${port}/v1/chat/completions`;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.running) this.#child.kill(signal);
    await this.#ended;
  }
}

let sites = 0;

export class Site {
  readonly settings: Settings;
  readonly biller: Biller;
  readonly servers: Servers;
  readonly toRedis: FaultProxy;
  readonly toPostgres: FaultProxy;
  readonly replicas: Replica[] = [];
  readonly #folder: string;

  private constructor(
    servers: Servers,
    biller: Biller,
    proxies: readonly [FaultProxy, FaultProxy],
    over: Partial<Settings>,
  ) {
    this.servers = servers;
    this.biller = biller;
    [this.toRedis, this.toPostgres] = proxies;
    this.#folder = mkdtempSync(join(tmpdir(), 'gatewright-chaos-'));
    this.settings = {
      provider: biller.url,
      postgres: `postgres://postgres@127.0.0.1:${this.toPostgres.port}/postgres`,
      redis: `redis://127.0.0.1:${this.toRedis.port}`,
      schema: `chaos${++sites}`,
      journal: join(this.#folder, 'journal'),
      lease: 900,
      budget: '1000',
      ...over,
    };
  }

  static async open(servers: Servers, replicas: number, over: Partial<Settings> = {}): Promise<Site> {
    const [biller, toRedis, toPostgres] = await Promise.all([
      Biller.start(),
      startProxy(servers.redis.port),
      startProxy(servers.postgres.port),
    ]);
    const site = new Site(servers, biller, [toRedis, toPostgres], over);
    await Promise.all(Array.from({ length: replicas }, () => site.startReplica()));
    return site;
  }

  async startReplica(): Promise<Replica> {
    const replica = new Replica(this.settings);
    this.replicas.push(replica);
    await replica.ready();
    return replica;
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.end('SIGKILL')));
    await Promise.all([this.biller.stop(), this.toRedis.stop(), this.toPostgres.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Whose requests come in turn. */
const USERS = 5;
let asked = 0;

export interface Asking {
  /** Default 50. */
  readonly maxTokens?: number;
  /** Where the gateway's process is to die. */
  readonly crashAt?: CrashPoint;
  /** Asks for a stream, and hears of its first bytes. */
  readonly onBegun?: () => void;
}

/** How often gateways have been asked so far. */
export const timesAsked = (): number => asked;

/** Asks a gateway once. Answers the HTTP status; 0 where the connection broke. */
export async function ask(url: string, { maxTokens = 50, crashAt, onBegun }: Asking = {}): Promise<number> {
  const body = {
    model: 'metered',
    max_tokens: maxTokens,
    stream: onBegun !== undefined,
    messages: [{ role: 'user', content: 'What is this worth?' }],
  };
  const user = `user-${asked++ % USERS}`;
  const headers = {
    'content-type': 'application/json',
    'x-user': user,
    ...(crashAt === undefined ? {} : { 'x-crash-at': crashAt }),
  };
  try {
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    let pieces = 0;
    for await (const _piece of reply.body ?? []) if (pieces++ === 0) onBegun?.();
    return reply.status;
  } catch {
    return 0;
  }
}

/** Asks the replicas in turn, so many at once. Counts the answers by status. */
export async function load(site: Site, requests: number, atOnce: number): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < requests) {
      const replica = site.replicas[next++ % site.replicas.length] as Replica;
      const status = await ask(replica.url);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return statuses;
}
