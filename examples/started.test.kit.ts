/** Starts an example as its README says, on a free port, for the smoke tests of the examples. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../core/bin/gatewright.js', import.meta.url));
const PATIENCE = 15_000;

export interface Started {
  /** Its address, without a path. */
  readonly url: string;
  /** What it has written to standard output. */
  said(): string;
  /** Stops it as a supervisor does; the answer is its exit code. */
  stop(): Promise<number | null>;
}

/** Needs a build. The environment's provider keys are kept from it. Throws what it said when it does not start. */
export async function startExample(folder: string, env: Record<string, string> = {}): Promise<Started> {
  const cwd = fileURLToPath(new URL(`${folder}/`, import.meta.url));
  const child = spawn(process.execPath, [COMMAND, 'start', '--port', '0'], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (): void => reject(new Error(`${folder} did not start:\n${said.err}${said.out}`));
    const timer = setTimeout(fail, PATIENCE);
    child.on('exit', fail);
    child.stderr.on('data', (chunk: Buffer) => {
      said.err += chunk.toString();
      const address = /http:\/\/[\d.]+:\d+/.exec(said.err)?.[0];
      if (address === undefined || !said.err.includes('ready')) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
  return {
    url,
    said: () => said.out,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}
