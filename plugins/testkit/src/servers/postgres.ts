/** A PostgreSQL of a test's own: a fresh cluster in a temporary folder. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from './install.ts';
import { freePort } from './port.ts';

export interface PostgresServer {
  /** `postgres://postgres@127.0.0.1:<port>/postgres` */
  readonly url: string;
  readonly port: number;
  /** Stops the server at once, as a crash would; what was committed is there after `start`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

const SHARE = '/usr/lib/postgresql';

/** Debian keeps every version in a folder of its own; the newest is taken. */
function versions(): string[] {
  try {
    const found = readdirSync(SHARE).toSorted((a, b) => Number(b) - Number(a));
    return found.map((version) => join(SHARE, version, 'bin'));
  } catch {
    return [];
  }
}

const program = (name: string): string => findProgram({ name, folders: versions, debianPackage: 'postgresql' });

/** PostgreSQL refuses to run as root. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Starts a server. `settings` are those of postgresql.conf: `{ max_connections: '10' }`. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const initdb = program('initdb');
  const postgres = program('postgres');
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-postgres-'));
  const user = serverUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '--locale=C', '-E', 'UTF8'], {
    stdio: 'ignore',
    cwd: folder,
    ...user,
  });
  const port = await freePort();
  const own = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: `${port}`, ...settings };
  const flags = Object.entries(own).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let child: ChildProcess | undefined;
  const server: PostgresServer = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    async start() {
      child = spawn(postgres, ['-D', data, ...flags], { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder, ...user });
      await ready(child);
    },
    async crash() {
      // SIGQUIT: immediate shutdown, no checkpoint; the next start recovers from the log.
      await ended(child, 'SIGQUIT');
    },
    async stop() {
      await ended(child, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Waits until the server says that it takes connections. */
async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  const { stderr } = child;
  await new Promise<void>((resolve, reject) => {
    stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4000);
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}: ${said}`)));
    child.once('error', reject);
  });
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await Promise.race([exit, sleep(10_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
}
