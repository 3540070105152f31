/** Runs wrk and reads what it prints. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOAD_CORE, pinned } from './child.ts';
import type { Load, LoadResult } from './load.ts';

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** Runs wrk with one thread. Rejects when it cannot. */
export async function run(load: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-bench-'));
  try {
    const body = join(folder, 'body');
    const script = join(folder, 'request.lua');
    await writeFile(body, load.body);
    await writeFile(script, luaScript(load.headers, body));
    const seconds = `${Math.max(1, Math.round(load.seconds))}s`;
    const args = [
      '-t',
      '1',
      '-c',
      String(load.connections),
      '-d',
      seconds,
      '--latency',
      '--timeout',
      '30s',
      '-s',
      script,
      load.url,
    ];
    return parseWrk(await output(...pinned(load.cores ?? LOAD_CORE, 'wrk', args)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** wrk calls no Lua during the run: the request is made once. */
function luaScript(headers: Load['headers'], body: string): string {
  return [
    'wrk.method = "POST"',
    ...Object.entries(headers).map(
      ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
    ),
    `local file = assert(io.open(${JSON.stringify(body)}, "rb"))`,
    'wrk.body = file:read("*a")',
    'file:close()',
    '',
  ].join('\n');
}

function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(parts).toString());
      else reject(new Error(`wrk ended with code ${code}.`));
    });
  });
}

/** Reads wrk's report. Throws where it is none. */
export function parseWrk(text: string): LoadResult {
  const total = /(\d+) requests in /.exec(text);
  const rate = /Requests\/sec: +([\d.]+)/.exec(text);
  if (total === null || rate === null) throw new Error(`This is not a report of wrk:\n${text}`);
  const socket = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(text);
  const broken = (socket ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0);
  return {
    requests: Number(total[1]),
    perSecond: Number(rate[1]),
    p50: percentile(text, '50'),
    p99: percentile(text, '99'),
    errors: broken + Number(refused?.[1] ?? 0),
  };
}

function percentile(text: string, which: string): number {
  const match = new RegExp(`^ +${which}% +([\\d.]+)(us|ms|s|m)$`, 'm').exec(text);
  return match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] as string] as number);
}
