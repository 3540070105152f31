/** Counting in a window that slides. */
import { expect, test } from 'vitest';
import { Tally } from './tally.ts';

const counts = ({ answered, failed }: Tally): readonly number[] => [answered, failed];

test('what is older than the window is forgotten, a tenth of it at a time', () => {
  const tally = new Tally(10_000);
  tally.add(false, 500);
  tally.add(true, 1500);
  tally.add(true, 9900);
  expect(counts(tally)).toEqual([1, 2]);
  tally.slide(10_000);
  expect(counts(tally)).toEqual([0, 2]);
  tally.slide(11_000);
  expect(counts(tally)).toEqual([0, 1]);
  tally.slide(19_999);
  expect(counts(tally)).toEqual([0, 0]);
});

test('after a long silence nothing is left, and counting goes on', () => {
  const tally = new Tally(1000);
  for (let time = 0; time < 1000; time += 10) tally.add(time % 20 === 0, time);
  expect(counts(tally)).toEqual([50, 50]);
  tally.add(true, 1_000_000);
  expect(counts(tally)).toEqual([0, 1]);
});

test('the sums are those of the slots, whatever comes when', () => {
  const tally = new Tally(1000);
  let seed = 1;
  const all: { readonly time: number; readonly failed: boolean }[] = [];
  for (let time = 0; time < 20_000; time += seed % 90) {
    seed = (seed * 48_271) % 2_147_483_647;
    all.push({ time, failed: seed % 3 === 0 });
    tally.add(seed % 3 === 0, time);
    const oldest = Math.floor(time / 100) - 9;
    const kept = all.filter((one) => Math.floor(one.time / 100) >= oldest);
    expect(counts(tally)).toEqual([kept.filter((one) => !one.failed).length, kept.filter((one) => one.failed).length]);
  }
});

test('another window begins anew; the same one goes on', () => {
  const tally = new Tally(1000);
  tally.add(true, 10);
  tally.resize(1000);
  expect(counts(tally)).toEqual([0, 1]);
  tally.resize(2000);
  expect(counts(tally)).toEqual([0, 0]);
});
