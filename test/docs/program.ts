/** Runs the blocks of documents that are programs: curl lines, TypeScript marked `run`, and the command line's own. */
import { execFile } from 'node:child_process';
import { ROOT } from '../house/tree.ts';
import type { Block } from './blocks.ts';
import { DOCUMENTED } from './quickstart.ts';
import type { Workshop } from './workshop.ts';

/** How long one program may take, in milliseconds. */
const PATIENCE = 30_000;

/** curl then also fails when the answer is an error. */
const CURLRC = 'fail-with-body\nsilent\nshow-error\n';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a block against the gateway at `url`. A TypeScript program uses the sources of the packages here. */
export async function runBlock(block: Block, url: string, workshop: Workshop): Promise<Outcome> {
  const file = workshop.add(block, block.text.replaceAll(DOCUMENTED, url));
  workshop.write('.curlrc', CURLRC);
  workshop.write('package.json', '{ "type": "module" }');
  const command = block.language === 'ts' ? process.execPath : 'bash';
  const flags = block.language === 'ts' ? ['--conditions=gatewright-source'] : ['-eu', '-o', 'pipefail'];
  return run(command, [...flags, file], { ...process.env, CURL_HOME: workshop.folder, BASE_URL: url });
}

/** Runs one command line from the repository's root. */
export async function runCommand(command: string): Promise<Outcome> {
  return run('bash', ['--norc', '-eu', '-o', 'pipefail', '-c', command], process.env);
}

async function run(command: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env, timeout: PATIENCE, maxBuffer: 16 << 20 };
    const child = execFile(command, words, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
    });
    child.stdin?.end();
  });
}
