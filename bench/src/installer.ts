/** Runs the programs that install other gateways. */
import { spawn } from 'node:child_process';

/** The longest that one of them may take, in milliseconds. */
const PATIENCE = 600_000;

/** What a program prints. Rejects with the end of what it says when it fails, is missing or takes too long. */
export function install(
  command: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE,
    });
    const parts: Buffer[] = [];
    const problems: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => problems.push(part));
    child.on('error', (error) => reject(new Error(`${command} cannot be run: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(parts).toString());
      else reject(new Error(reason(command, code, Buffer.concat(problems).toString())));
    });
  });
}

/** The last lines say what went wrong. */
function reason(command: string, code: number | null, said: string): string {
  const end = said.trim().split('\n').slice(-2).join(' ');
  return `${command} ended with ${code === null ? 'no code, after too long a time' : `code ${code}`}: ${end.slice(-160)}`;
}
