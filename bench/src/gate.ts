/** Fails when something that can be counted costs much more than it did: `npm run bench:gate`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { count, type Counts } from './gate-count.ts';

/** What was counted when the costs were accepted last. */
const FILE = join(import.meta.dirname, '..', 'results', 'gate.json');
/** So much more than was accepted fails. Counts differ by some per cent between machines and runs. */
export const ALLOWED = 1.5;

const WHAT: Readonly<Record<keyof Counts, string>> = {
  request: 'heap allocated for a small request, bytes',
  event: 'heap allocated for an event of a stream, bytes',
  idleStream: 'heap kept for a stream that is open and silent, bytes',
  modules: 'modules loaded until the gateway listens',
};

export interface Judgement {
  readonly what: string;
  readonly found: number;
  readonly accepted: number;
  readonly held: boolean;
}

/** Compares what was counted with what was accepted. */
export function judge(found: Counts, accepted: Counts): Judgement[] {
  return (Object.keys(WHAT) as (keyof Counts)[]).map((name) => ({
    what: WHAT[name],
    found: found[name],
    accepted: accepted[name],
    held: found[name] <= accepted[name] * ALLOWED,
  }));
}

async function main(): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const found = await count({ requests: 1000, streams: 100 });
  if (process.argv.includes('--accept')) {
    const whole = Object.fromEntries(Object.entries(found).map(([name, value]) => [name, Math.round(value)]));
    await writeFile(FILE, `${JSON.stringify(whole, null, 2)}\n`);
    say('Accepted what was counted: bench/results/gate.json.');
  }
  const judgements = judge(found, JSON.parse(await readFile(FILE, 'utf8')) as Counts);
  for (const { what, found: now, accepted, held } of judgements) {
    say(
      `${held ? 'held ' : 'FAILED'} ${what}: ${Math.round(now)}, accepted ${accepted} (× ${(now / accepted).toFixed(2)})`,
    );
  }
  if (judgements.every(({ held }) => held)) return;
  say(`Something costs more than ${ALLOWED} times what it did. Find out why with "npm run bench:stages".`);
  say('Where it is worth it, accept it with "npm run bench:gate -- --accept", and say why in the commit.');
  process.exitCode = 1;
}

if (import.meta.main) await main();
