/** Starts all of the example: PostgreSQL, Redis, and three gateways, each started again ten seconds after it died. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPrograms, startPostgres, startRedis } from './servers.ts';

const PORTS = { gateways: [4001, 4002, 4003], postgres: 4004, redis: 4005 } as const;
const FOLDER = join(import.meta.dirname, '.gatewright');
const COMMAND = join(
  dirname(createRequire(import.meta.url).resolve('@gatewright/core/package.json')),
  'bin/gatewright.js',
);
/** Milliseconds. */
const PATIENCE = 30_000;
const PAUSE = 10_000;

const replicas = new Map<number, ChildProcess>();
const cleanups: (() => void)[] = [];
let ending = false;

/** Refuses to share a port with somebody else, before anything is started. */
async function isFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening').catch(() => {
    throw new Error(`Port ${port} is taken. Is the example running already?`);
  });
  server.close();
  await once(server, 'close');
}

/** Its log is `replica-<number>.log`; its process id is beside it. A group of its own keeps Ctrl-C from it: this script ends it. */
function startReplica(number: number, port: number): void {
  const log = openSync(join(FOLDER, `replica-${number}.log`), 'a');
  const child = spawn(process.execPath, [COMMAND, 'start', '--port', `${port}`], {
    cwd: import.meta.dirname,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  replicas.set(number, child);
  writeFileSync(join(FOLDER, `replica-${number}.pid`), `${child.pid}\n`);
  child.once('exit', (code, signal) => {
    replicas.delete(number);
    if (ending) return;
    say(`Replica ${number} ended (${signal ?? code}); it is started again in ${PAUSE / 1000} seconds.`);
    setTimeout(() => {
      if (!ending) startReplica(number, port);
    }, PAUSE).unref();
  });
}

async function answers(number: number, port: number): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 100) {
    const reply = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (reply?.ok === true) return;
    if (!replicas.has(number)) break;
    await sleep(100);
  }
  const log = readFileSync(join(FOLDER, `replica-${number}.log`), 'utf8');
  throw new Error(`Replica ${number} did not start:\n${log}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function start(): Promise<void> {
  const programs = findPrograms();
  for (const port of [...PORTS.gateways, PORTS.postgres, PORTS.redis]) await isFree(port);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  cleanups.push(startRedis(programs, PORTS.redis, FOLDER));
  say(`Redis is on port ${PORTS.redis}.`);
  cleanups.push(startPostgres(programs, PORTS.postgres));
  say(`PostgreSQL is on port ${PORTS.postgres}.`);
  for (const [index, port] of PORTS.gateways.entries()) startReplica(index + 1, port);
  for (const [index, port] of PORTS.gateways.entries()) {
    await answers(index + 1, port);
    say(`Replica ${index + 1} is on port ${port}.`);
  }
  say('All are ready. Ctrl-C ends them.');
}

async function end(): Promise<void> {
  ending = true;
  const ends = [...replicas.values()].map((child) => once(child, 'exit'));
  for (const child of replicas.values()) child.kill('SIGTERM');
  await Promise.all(ends);
  for (const cleanup of cleanups.splice(0)) cleanup();
}

const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
// Only signals would not keep it alive.
const alive = setInterval(() => undefined, 1 << 30);
try {
  await start();
  await asked;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await end();
  clearInterval(alive);
}
