/** A counter is written as it was counted. */
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { CounterFamily } from './counter-family.ts';
import { samplesOf } from './exposition.test.kit.ts';

async function written(family: CounterFamily): Promise<string> {
  const registry = new Registry();
  registry.registerMetric(family.asMetric());
  return registry.metrics();
}

test('writes every series with its labels and its value', async () => {
  const family = new CounterFamily({ name: 'drops_total', help: 'Drops.' });
  family.series({ colour: 'red' }).value += 2;
  family.series({ colour: 'red' }).value++;
  family.series({ colour: 'a "b"\n\\c' }).value = 0.5;
  expect(await written(family)).toBe(
    '# HELP drops_total Drops.\n# TYPE drops_total counter\ndrops_total{colour="red"} 3\n' +
      'drops_total{colour="a \\"b\\"\\n\\\\c"} 0.5\n',
  );
  expect(samplesOf(await written(family))[1]?.labels).toEqual({ colour: 'a "b"\n\\c' });
});

test('sums whole units and divides when it writes', async () => {
  const family = new CounterFamily({ name: 'usd_total', help: 'Dollars.', divisor: 1e9 });
  const series = family.series({});
  for (let index = 0; index < 10; index++) series.value += 100_000_000;
  // Ten times 0.1 would be 0.9999999999999999.
  expect(await written(family)).toContain('\nusd_total 1\n');
});

test('is brought up to date before it is written', async () => {
  const family: CounterFamily = new CounterFamily({
    name: 'asked_total',
    help: 'Asked.',
    collect: () => family.series({}).value++,
  });
  await written(family);
  expect(await written(family)).toContain('\nasked_total 2\n');
});
