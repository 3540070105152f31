/** The suite passes a sink that keeps the contract, and catches by name each that breaks one rule of it. */
import type { ExchangeRecord, Plugin } from '@gatewright/core';
import { expect, test } from 'vitest';
import { resultOf } from '../failing.test.kit.ts';
import { manifest, sample } from '../sample.test.kit.ts';
import { sinkSuite } from './suite.ts';

interface Way {
  readonly line: (record: ExchangeRecord) => string | undefined;
  readonly flushes: boolean;
  readonly twice: boolean;
  readonly most: number;
  readonly isAsync: boolean;
  /** What goes into the line of every exchange besides. */
  readonly secret: string;
}

const GOOD: Way = {
  line: ({ id, status }) => JSON.stringify({ id, status }),
  flushes: true,
  twice: false,
  most: Infinity,
  isAsync: false,
  secret: '',
};

/** A sink that writes into a list, when it is flushed. */
function sink(written: string[], way: Way): Plugin {
  return sample(({ hooks, onDrain }) => {
    const waiting: string[] = [];
    hooks.log.tap((record) => {
      const line = way.line(record);
      if (line === undefined || waiting.length >= way.most) return undefined;
      waiting.push(line + way.secret, ...(way.twice ? [line] : []));
      return (way.isAsync ? Promise.resolve() : undefined) as undefined;
    });
    onDrain(() => void (way.flushes && written.push(...waiting.splice(0))));
  });
}

async function failing(more: Partial<Way> = {}): Promise<readonly string[]> {
  const written = new Map<string, string[]>();
  let places = 0;
  // The place is found by its number: all tests run at once.
  const plugin = sample((context) => {
    const number = String(++places);
    const list: string[] = [];
    written.set(number, list);
    return sink(list, { ...GOOD, ...more }).setup(context, {});
  });
  const { failed } = await resultOf((runner) =>
    sinkSuite(serial(runner), {
      plugin,
      manifest,
      options: {},
      credentials: [],
      tells: 'records',
      open: async () => {
        const first = places + 1;
        return {
          options: {},
          read: async () => {
            const lists = Array.from(
              { length: places - first + 1 },
              (_, index) => written.get(String(first + index)) ?? [],
            );
            return lists.flat().join('\n');
          },
        };
      },
    }),
  );
  return failed;
}

/** One test after the other. */
function serial(runner: Parameters<typeof sinkSuite>[0]): Parameters<typeof sinkSuite>[0] {
  let before: Promise<unknown> = Promise.resolve();
  return {
    describe: (name, body) => runner.describe(name, body),
    test: (name, body) =>
      runner.test(name, () => {
        const run = before.then(body);
        before = run.catch(() => undefined);
        return run;
      }),
  };
}

test('a sink that keeps the contract passes', async () => {
  expect(await failing()).toEqual([]);
});

const ALL = 'every finished exchange is told of, whether it ended well or not, before the gateway has closed';

test.each<[fault: string, more: Partial<Way>, caught: string]>([
  ['leaves out what failed', { line: (record) => (record.result === 'success' ? GOOD.line(record) : undefined) }, ALL],
  ['forgets what it has when the gateway closes', { flushes: false }, ALL],
  ['tells things twice', { twice: true }, 'every exchange is told of once'],
  ['has too little room', { most: 20 }, 'many exchanges at once are all told of'],
  ['makes others wait for it', { isAsync: true }, 'nobody waits for it: its tap has returned before the next turn'],
  [
    'throws',
    {
      line: () => {
        throw new Error('The disk is full.');
      },
    },
    'nobody waits for it: its tap has returned before the next turn',
  ],
  [
    'tells what was answered',
    { secret: 'Good day to you' },
    'neither keys nor what was asked and answered is in what it puts out',
  ],
  ['has put out nothing', { line: () => undefined }, 'a reload loses nothing'],
])('a sink is caught that %s', async (_fault, more, caught) => {
  expect(await failing(more)).toContain(caught);
});
