/** The results that are kept: `results/latest.json`, in which each command replaces its own part. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withReport, type CommandName, type Results } from './outcome.ts';
import { pageOf } from './page/page.ts';
import type { Report } from './report.ts';

const FOLDER = join(import.meta.dirname, '..', 'results');
const LATEST = 'latest.json';

/** Puts a report among the latest results, and makes the page anew; with `name`, also keeps the report in a file of its own. */
export async function keep(command: CommandName, report: Report, name?: string): Promise<void> {
  const results = withReport(await latest(), command, report);
  await mkdir(FOLDER, { recursive: true });
  await write(LATEST, results);
  await writeFile(join(FOLDER, 'index.html'), await pageOf(results));
  if (name !== undefined) await write(`${name}.json`, report);
}

/** The latest results; empty ones where there are none. */
export async function latest(): Promise<Results> {
  const text = await readFile(join(FOLDER, LATEST), 'utf8').catch(() => '{"targets":[],"reports":{}}');
  return JSON.parse(text) as Results;
}

function write(file: string, value: object): Promise<void> {
  return writeFile(join(FOLDER, file), `${JSON.stringify(value, rounded, 2)}\n`);
}

/** Four digits that count are enough to compare. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
