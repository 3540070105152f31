/** `npm run faults`: every fault of a provider, what the caller saw, how often each target was asked, and what the gateway added. */
import { CASES } from './cases/index.ts';
import type { LabVerdict } from './lab.ts';
import { Lab } from './lab.ts';

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
process.stdout.write(`
${cases.length - failed} of ${cases.length} faults held. "asked" is how often the first and the second target were called; "added" is
the time beyond what the fault takes by itself, the caller's own client included.
`);
process.exitCode = failed === 0 ? 0 : 1;
