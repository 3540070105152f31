/** Measures every translation beside parsing and writing the same JSON, in a process of its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinRunning, TEST_CORE } from './child.ts';
import type { ComparisonResult } from './codec-micro.ts';
import { row, type Row, type Section, type Verdict } from './report.ts';
import { ratios, statistic } from './statistic.ts';

export async function codecs(rounds: number): Promise<Section> {
  const results = await run(rounds);
  const rows = results.map(({ what, per, reference, translation }): Row => {
    const microseconds = (values: readonly number[]): number[] => values.map((value) => value / 1000);
    return row(what, `µs/${per}`, microseconds(translation), microseconds(reference));
  });
  return {
    title: 'Translations on their own',
    about:
      'In a tight loop, by processor time. Of a stream: from the bytes of the provider to those of the client, as in the\n' +
      'gateway. Of a request: parsed, read, written and made bytes again.',
    ratioTo: 'JSON parse + stringify of the same bytes',
    rows,
    verdicts: ['event', 'request'].map((per) => verdict(results.filter((one) => one.per === per))),
  };
}

/** Whether all translations of a kind keep to what they may cost. */
function verdict(results: readonly ComparisonResult[]): Verdict {
  const [{ per, limit } = { per: '', limit: 0 }] = results;
  const found = results.map(({ what, reference, translation }) => ({
    what,
    ratio: statistic(ratios(translation, reference)).median,
  }));
  const worst = found.toSorted((a, b) => b.ratio - a.ratio)[0] ?? { what: 'nothing', ratio: 0 };
  const kept = found.filter(({ ratio }) => ratio <= limit).length;
  return {
    aim: `a translated ${per} takes at most ${limit.toFixed(1)} times the JSON`,
    found: `${kept} of ${found.length}; the worst takes ${worst.ratio.toFixed(2)}: ${worst.what}`,
    met: kept === found.length,
  };
}

function run(rounds: number): Promise<readonly ComparisonResult[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./codec-micro.ts', import.meta.url)), [String(rounds)]);
    if (child.pid !== undefined) pinRunning(TEST_CORE, child.pid);
    child.once('message', (message) => {
      resolve((message as { results: ComparisonResult[] }).results);
      child.disconnect();
    });
    child.once('exit', (code) => reject(new Error(`The measurement of translations ended with code ${code}.`)));
  });
}
