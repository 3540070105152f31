/** The metrics of several processes as one: counts add up and never fall, what is open does not outlive its process. */
import type { PeerAnswers, Peers } from '@gatewright/core';
import { beforeEach, expect, test } from 'vitest';
import { MetricSet, type Snapshot } from './metric-set.ts';
import { MetricSum } from './metric-sum.ts';
import { options } from './options.ts';

const OPTIONS = options.parse({ process: false });

const counter = (value: number): Snapshot[number] => {
  const labels = { kind: 'x' };
  return {
    name: 'things_total',
    help: 'Things.',
    type: 'counter',
    aggregator: 'sum',
    values: [{ labels, value }],
  } as never;
};
const gauge = (value: number): Snapshot[number] => {
  return { name: 'open', help: 'Open.', type: 'gauge', aggregator: 'sum', values: [{ labels: {}, value }] } as never;
};

let answers: PeerAnswers;
const peers: Peers = { answer: () => undefined, ask: () => Promise.resolve(answers) };
let own: MetricSet;
let sum: MetricSum;

beforeEach(() => {
  own = new MetricSet(OPTIONS);
  sum = new MetricSum(own, peers);
});

/** The values of these two metrics. */
async function read(): Promise<{ things: string | undefined; open: string | undefined }> {
  const text = await sum.text();
  return { things: /^things_total\{kind="x"\} (\S+)$/m.exec(text)?.[1], open: /^open (\S+)$/m.exec(text)?.[1] };
}

test('what several have counted is added up', async () => {
  answers = {
    living: [
      [counter(3), gauge(1)],
      [counter(4), gauge(2)],
    ],
    left: [],
  };
  expect(await read()).toEqual({ things: '7', open: '3' });
});

test('what a process had counted stays when it is gone, what it had open goes with it', async () => {
  answers = { living: [[counter(3), gauge(1)]], left: [[counter(4), gauge(2)]] };
  expect(await read()).toEqual({ things: '7', open: '1' });
  // From now on it is among what this process answers itself, once, and so is what is left later.
  answers = { living: [await own.snapshot(), [counter(3)]], left: [[counter(10)]] };
  expect((await read()).things).toBe('17');
  answers = { living: [await own.snapshot(), [counter(3)]], left: [] };
  expect((await read()).things).toBe('17');
  // It can go to another process: there are no functions in it.
  expect(structuredClone(await own.snapshot())).toEqual(await own.snapshot());
});

test('one process alone writes its own metrics as they are', async () => {
  answers = { living: [await own.snapshot()], left: [] };
  expect(await sum.text()).toBe(await own.text());
});
