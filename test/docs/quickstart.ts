/** The quick start's gateway, started for the blocks of documents that talk to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from '../house/tree.ts';

/** Where the documents say that the gateway is. */
export const DOCUMENTED = /http:\/\/(?:127\.0\.0\.1|localhost):4000/g;

const PATIENCE = 20_000;

export interface Quickstart {
  /** Its address, to put in place of the documented one. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts what `npm start` starts, on a free port and without anybody's provider keys. */
export async function startQuickstart(): Promise<Quickstart> {
  const port = await freePort();
  const words = [join(ROOT, 'core/bin/gatewright.js'), ...startWords(), '--port', String(port)];
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: withoutKeys(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await listening(child, port);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** What `npm start` says to the command, once it has built. */
function startWords(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const words = /&& gatewright (.*)$/.exec(scripts.start)?.[1];
  if (words === undefined) throw new Error('npm start must build, and then run gatewright.');
  return words.split(' ');
}

/** Answers as those of real providers would differ from day to day. */
function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.endsWith('_API_KEY') && name !== 'NODE_OPTIONS'),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let waited = 0; waited < PATIENCE; waited += 50) {
    if (child.exitCode !== null) throw new Error(`The quick start ended with code ${child.exitCode}:\n${said}`);
    if (await answers(port)) return;
    await wait(50);
  }
  child.kill('SIGKILL');
  throw new Error(`The quick start did not listen on port ${port} within ${PATIENCE / 1000} s:\n${said}`);
}

const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};
