/** `npm run faults`: every fault of a provider, what the caller saw, how often each target was asked, and what the gateway added. */
import { CASES } from './cases/index.ts';
import { CALM, flap, FLAPPING } from './flap.ts';
import type { LabVerdict } from './lab.ts';
import { Lab } from './lab.ts';
import { soak } from './soak.ts';

const [only] = process.argv.slice(2);
const cases = CASES.filter(({ name }) => only === undefined || name.includes(only));
const width = Math.max(...cases.map(({ name }) => name.length), 5);
const row = (name: string, verdict: string, asked: string, added: string, seen: string): string =>
  `${name.padEnd(width)}  ${verdict.padEnd(7)}  ${asked.padEnd(5)}  ${added.padStart(8)}  ${seen}\n`;

/** In a few words. */
function shown({ seen }: LabVerdict): string {
  if (seen.error === undefined) return `the whole answer (${seen.target ?? 'resumed'})`;
  const said = seen.error.length > 70 ? `${seen.error.slice(0, 70)}…` : seen.error;
  return seen.text === '' ? `${seen.status}: ${said}` : `"${seen.text}", then: ${said}`;
}

/** Answers 1 where something is wrong. */
async function runFlap(): Promise<number> {
  const { answered, wasted, recovered } = await flap();
  const holds = answered === FLAPPING + CALM && wasted <= 12 && recovered === 10;
  const said = `${answered} of ${FLAPPING + CALM} callers answered, asked ${wasted} times while away, then ${recovered} of 10`;
  process.stdout.write(`\na primary that flaps for a minute and recovers: ${holds ? 'held' : 'FAILED'} (${said})\n`);
  return holds ? 0 : 1;
}

/** Answers 1 where something is wrong. */
async function runSoak(crowded: boolean): Promise<number> {
  const exchanges = 10_000;
  const seed = 20_261_122;
  const how = crowded ? ', with hedges, breakers and few places' : '';
  process.stdout.write(`\n${exchanges} exchanges with faults at random (seed ${seed}), 100 at once${how}:\n`);
  const progress = (done: number): void => {
    if (done % 1000 === 0) process.stdout.write(`  ${done} done\n`);
  };
  const { endings, lag, growth, wrong } = await soak({ exchanges, clients: 100, seed, crowded, progress });
  for (const [ending, count] of [...endings].toSorted(([, a], [, b]) => b - a)) {
    process.stdout.write(`${String(count).padStart(8)}  ${ending}\n`);
  }
  process.stdout.write(
    `  event loop delay p99 ${lag.toFixed(0)} ms; heap ${(growth / 1e6).toFixed(1)} MB more than half way\n`,
  );
  if (lag > 50) wrong.push('the event loop was held up for more than 50 ms at p99');
  if (growth > 10e6) wrong.push('the heap grew by more than 10 MB in the second half');
  for (const what of wrong) process.stdout.write(`  WRONG: ${what}\n`);
  return wrong.length === 0 ? 0 : 1;
}

const lab = await Lab.open();
let failed = 0;
process.stdout.write(`\n${row('fault', 'verdict', 'asked', 'added', 'what the caller saw')}`);
for (const one of cases) {
  const verdict = await lab.run(one);
  const { wrong, asked, added } = verdict;
  if (wrong.length > 0) failed++;
  process.stdout.write(
    row(one.name, wrong.length === 0 ? 'held' : 'FAILED', asked, `${Math.round(added)} ms`, shown(verdict)),
  );
  for (const what of wrong) process.stdout.write(`${' '.repeat(width)}    ${what}\n`);
}
await lab.close();
if (only === undefined) failed += (await runFlap()) + (await runSoak(false)) + (await runSoak(true));
process.stdout.write(`
${failed === 0 ? 'All of it held.' : `${failed} did not hold.`} "asked" is how often the first and the second target were called; "added" is
the time beyond what the fault takes by itself, the caller's own client included.
`);
process.exitCode = failed === 0 ? 0 : 1;
