/** Series of taps that answer at once, that have to be waited for, and that fail, in every order. */
import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { BailSeries, IsolatedSeries, WaterfallSeries } from './series.ts';
import { Tap } from './tap.ts';

const EXCHANGE = { trace: undefined };
/** Each of three taps answers at once, or later. */
const ORDERS = Array.from({ length: 8 }, (_, bits) => [bits & 1, bits & 2, bits & 4].map((bit) => bit > 0));

const tap = (plugin: string, fn: (given: string) => unknown): Tap => {
  const spec = { hook: 'log', plugin: { id: plugin, where: 'x' }, fn, stage: 'normal', before: [], after: [] } as const;
  const check = (): undefined => undefined;
  return new Tap({ ...spec, operations: undefined, timeout: 0 }, check, systemClock, () => undefined);
};
const answer = (later: boolean, value: unknown): unknown => (later ? Promise.resolve(value) : value);
const fail = (later: boolean): unknown => {
  const failure = new GatewayError('GW_FORBIDDEN', 'No.');
  if (!later) throw failure;
  return Promise.reject(failure);
};
const taps = (laters: readonly boolean[], fn: (later: boolean, at: number, given: string) => unknown): Tap[] =>
  laters.map((later, at) => tap(`p${at}`, (given) => fn(later, at, given)));

test.each(ORDERS)('each gets what the one before it answered; later: %s %s %s', async (...laters) => {
  const series = new WaterfallSeries<string>(taps(laters, (later, at, given) => answer(later, `${given}${at}`)));
  for (let round = 0; round < 2; round++) {
    const result = series.run('', EXCHANGE);
    expect(result instanceof Promise).toBe(laters.includes(true));
    expect(await result).toBe('012');
  }
  const silent = taps(laters, (later, at, given) => answer(later, at === 1 ? undefined : `${given}${at}`));
  expect(await new WaterfallSeries<string>(silent).run('', EXCHANGE)).toBe('02');
});

test.each(ORDERS)(
  'the first that answers decides, and nobody behind it is asked; later: %s %s %s',
  async (...laters) => {
    const asked: number[] = [];
    const series = new BailSeries<string>(
      taps(laters, (later, at) => {
        asked.push(at);
        return answer(later, at === 1 ? 'me' : null);
      }),
    );
    expect(await series.run('', EXCHANGE)).toBe('me');
    expect(asked).toEqual([0, 1]);
    expect(await new BailSeries(taps(laters, (later) => answer(later, null))).run('', EXCHANGE)).toBeUndefined();
  },
);

test.each(ORDERS)('a failure ends a series, and names its plugin; later: %s %s %s', async (...laters) => {
  const failing = taps(laters, (later, at) => (at === 1 ? fail(later) : answer(later, undefined)));
  for (const series of [new WaterfallSeries(failing), new BailSeries(failing)]) {
    const run = async (): Promise<unknown> => series.run('', EXCHANGE);
    await expect(run()).rejects.toMatchObject({ code: 'GW_FORBIDDEN', details: { plugin: 'p1' } });
  }
});

test.each(ORDERS)('isolated taps all run, one after another; later: %s %s %s', async (...laters) => {
  const events: string[] = [];
  const run = async (later: boolean, at: number): Promise<void> => {
    events.push(`begin ${at}`);
    await Promise.resolve();
    events.push(`end ${at}`);
    if (at === 1) await fail(later);
  };
  const list = taps(laters, (later, at) => {
    if (later) return run(later, at);
    events.push(`begin ${at}`, `end ${at}`);
    return at === 1 ? fail(later) : undefined;
  });
  await new IsolatedSeries(list, ({ details }) => events.push(`${details.plugin} failed`)).run('', '', EXCHANGE);
  expect(events).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'p1 failed', 'begin 2', 'end 2']);
});
