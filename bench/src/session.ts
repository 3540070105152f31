/** One run of a command: what was asked for on the command line, each section as soon as it is there, and what is kept. */
import { parseArgs } from 'node:util';
import { describeEnvironment } from './environment.ts';
import type { Settings } from './lab.ts';
import type { CommandName } from './outcome.ts';
import { reasonOf } from './reason.ts';
import { formatSection, type Report, type Section } from './report.ts';
import { keep } from './results.ts';

/** Something that can be measured by itself. */
export type Measure = (settings: Settings) => Promise<Section | Section[]>;

export interface SessionOptions {
  readonly settings: Settings;
  /** Names of what to measure. */
  readonly only: readonly string[];
  /** Called with each section as soon as it is there. */
  readonly onSection: (section: Section) => void;
}

/**
 * What a command takes when it is told nothing. For the first 80,000 requests V8 still compiles and throws away: with everything
 * on, a request takes 260 µs in the first seconds, 140 after 15,000 requests, and 100 from then on.
 */
const USUAL: Settings = { rounds: 5, seconds: 2, connections: 64, streams: 1000, requests: 300, warmUp: 100_000 };

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Throws RangeError for a name that is none. */
export function checkNames(only: readonly string[], names: readonly string[]): void {
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RangeError(`There is no "${unknown}"; there are ${names.join(', ')}.`);
}

/** Measures what was asked for, one after another, also where one of them fails. Throws RangeError for a name that is none. */
export async function runSession(
  measures: Readonly<Record<string, Measure>>,
  { settings, only, onSection }: SessionOptions,
): Promise<Report> {
  checkNames(only, Object.keys(measures));
  const environment = describeEnvironment();
  const sections: Section[] = [];
  const failed: string[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    if (!only.includes(name)) continue;
    say(`Measuring: ${name} …`);
    try {
      for (const section of [await measure(settings)].flat()) {
        sections.push(section);
        onSection(section);
      }
    } catch (error) {
      // What was measured before is worth keeping, and so is what comes after.
      failed.push(`${name}: ${reasonOf(error)}`);
      say(`FAILED ${failed.at(-1)}\n`);
    }
  }
  return { environment, settings, sections, failed };
}

/**
 * Runs a command with the options of the command line: prints where it runs and what it finds, and keeps it unless only
 * some of it was asked for.
 */
export async function runCommand(
  command: CommandName,
  usual: readonly string[],
  run: (options: SessionOptions) => Promise<Report>,
  defaults: Partial<Settings> = {},
): Promise<void> {
  const began = performance.now();
  const { settings, only, name } = readArguments({ ...USUAL, ...defaults });
  const environment = Object.entries(describeEnvironment()).map(([key, value]) => `${key}: ${value}`);
  say(`${environment.join(' · ')}\n`);
  const report = await run({ settings, only: only ?? usual, onSection: (one) => say(formatSection(one)) });
  if (report.failed.length > 0) process.exitCode = 1;
  say(`It took ${((performance.now() - began) / 60_000).toFixed(1)} minutes.`);
  if (report.sections.length === 0) {
    say('Not kept: nothing could be measured.');
  } else if (only === undefined) {
    await keep(command, report, name);
    say('Kept in bench/results/latest.json, and on the page bench/results/index.html.');
  } else {
    say('Not kept: only a part of it was asked for.');
  }
}

function readArguments(defaults: Settings): { settings: Settings; only?: string[]; name?: string } {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: String(defaults.rounds) },
      seconds: { type: 'string', default: String(defaults.seconds) },
      connections: { type: 'string', default: String(defaults.connections) },
      streams: { type: 'string', default: String(defaults.streams) },
      requests: { type: 'string', default: String(defaults.requests) },
      'warm-up': { type: 'string', default: String(defaults.warmUp) },
      only: { type: 'string' },
      name: { type: 'string' },
    },
  });
  const { rounds, seconds, connections, streams, requests, only, name } = values;
  return {
    settings: {
      rounds: Number(rounds),
      seconds: Number(seconds),
      connections: Number(connections),
      streams: Number(streams),
      requests: Number(requests),
      warmUp: Number(values['warm-up']),
    },
    ...(only === undefined ? {} : { only: only.split(',') }),
    ...(name === undefined ? {} : { name }),
  };
}
