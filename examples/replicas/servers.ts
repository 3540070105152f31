/** The PostgreSQL and the Redis that the replicas share, started from what is installed on this machine. */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chownSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where the programs are. */
export interface Programs {
  readonly initdb: string;
  readonly control: string;
  readonly redis: string;
}

/** Where Debian keeps PostgreSQL's programs, newest first; they are not on its PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** The paths of the servers' programs. Throws an Error of one line that says what to install where one is missing. */
export function findPrograms(): Programs {
  const [initdb, control, redis] = [find('initdb'), find('pg_ctl'), find('redis-server')];
  if (initdb !== undefined && control !== undefined && redis !== undefined) return { initdb, control, redis };
  const missing = [
    redis === undefined ? 'Redis' : '',
    initdb === undefined || control === undefined ? 'PostgreSQL' : '',
  ];
  throw new Error(
    `This example needs ${missing.filter(Boolean).join(' and ')}, not installed here: "apt install postgresql redis-server" on Debian, "brew install postgresql redis" on macOS.`,
  );
}

function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions()];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function versions(): string[] {
  try {
    const all = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
    return all.map((version) => join(DEBIAN, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

/** Starts PostgreSQL with an empty database. The answer stops it and removes its data. */
export function startPostgres({ initdb, control }: Programs, port: number): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-replicas-'));
  const user = postgresUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const run = (program: string, ...words: string[]): void => {
    execFileSync(program, ['-D', data, ...words], { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder, ...user });
  };
  run(initdb, '-U', 'postgres', '-A', 'trust', '-N', '--locale=C', '-E', 'UTF8');
  run(control, '-l', join(folder, 'log'), '-w', '-o', `-p ${port} -h 127.0.0.1 -c unix_socket_directories=`, 'start');
  return () => {
    run(control, '-m', 'fast', 'stop');
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Starts Redis with nothing in it, as a daemon: whoever stops it can start it again from `redis.conf` in the folder. */
export function startRedis({ redis }: Programs, port: number, folder: string): () => void {
  const settings = {
    port: `${port}`,
    bind: '127.0.0.1',
    dir: `"${folder}"`,
    // Nothing is saved, and nothing may be evicted: the gateways would refuse it.
    save: '""',
    'maxmemory-policy': 'noeviction',
    daemonize: 'yes',
    pidfile: `"${join(folder, 'redis.pid')}"`,
    logfile: `"${join(folder, 'redis.log')}"`,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  writeFileSync(join(folder, 'redis.conf'), lines.join(''));
  execFileSync(redis, [join(folder, 'redis.conf')]);
  return () => endProcess(join(folder, 'redis.pid'));
}

/** A process that is gone has taken its file with it. */
function endProcess(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  } catch {
    // It is gone already.
  }
}
