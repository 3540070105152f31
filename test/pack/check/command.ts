/** Commands as people type them, each in a folder, with what they said where they fail. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds that a command may take. */
const PATIENCE = 180_000;

export interface Said {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly text: string;
}

export type Environment = Readonly<Record<string, string>>;

/** Runs a command and answers with what it said, however it ended. */
export async function attempt(words: readonly string[], cwd: string, env: Environment): Promise<Said> {
  const [command = '', ...rest] = words;
  const child = spawn(command, rest, { cwd, env: { ...inherited(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, text };
}

/** Runs a command that must succeed. Rejects with what it said. */
export async function run(words: readonly string[], cwd: string, env: Environment): Promise<string> {
  const { code, text } = await attempt(words, cwd, env);
  if (code !== 0) throw new Error(`"${words.join(' ')}" ended with ${code}:\n${text}`);
  return text;
}

/**
 * The environment without what npm told the script that this is a part of: inside a project npm would take it for its own.
 */
export function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|NODE_OPTIONS$|VITEST|INIT_CWD$)/i.test(name),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
}
