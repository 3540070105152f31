/** A hold grows before it is used up; where it may not, the stream ends or goes on, as the claim says. */
import { expect, test } from 'vitest';
import type { Claim, Reservation, State } from '../../state.ts';
import { Abort } from '../../abort.ts';
import { growHold } from './growth.ts';
import type { LiveAttempt } from '../attempts/live-attempt.ts';

const GRANTED: Reservation = { ok: true, grants: [] };

function claim(more: Partial<Claim>): Claim {
  return {
    scope: 'team:a',
    unit: 'nanos',
    window: { kind: 'total', name: 'total' },
    kind: 'budget',
    amount: 200n,
    limit: 1000n,
    amountFor: (output) => BigInt(output * 2),
    ...more,
  };
}

/** An attempt that streams, with a state that answers as it is told. */
function streaming(claims: readonly Claim[], answer: (amounts: readonly bigint[]) => Promise<Reservation>) {
  const asked: (readonly bigint[])[] = [];
  const warnings: string[] = [];
  const state: Partial<State> = {
    extend: (_id, amounts) => {
      asked.push(amounts);
      return answer(amounts);
    },
  };
  const logger = { warn: (message: string) => void warnings.push(message) };
  const attempt = {
    id: 'x-1',
    reserved: { claims, grants: [], expected: 100 },
    target: { id: 'p/m' },
    abort: new Abort(),
    exchange: { kernel: { state, logger } },
  } as unknown as LiveAttempt;
  let mark = Infinity;
  let reached: (produced: number) => void = () => undefined;
  growHold(attempt, {
    whenProduced(tokens, listener) {
      mark = tokens;
      reached = listener;
    },
  });
  /** The answer has so many tokens. */
  const produce = async (tokens: number): Promise<void> => {
    if (tokens >= mark) {
      mark = Infinity;
      reached(tokens);
    }
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  };
  return { attempt, asked, warnings, produce };
}

const short = (refused: Claim): Reservation => ({ ok: false, refused, balance: { spent: 900n, reserved: 100n } });

test('more is asked for at four fifths of what was expected, and again at four fifths of that', async () => {
  const { attempt, asked, produce } = streaming([claim({}), claim({ scope: 'b' })], async () => GRANTED);
  await produce(79);
  expect(asked).toEqual([]);
  await produce(80);
  expect(asked).toEqual([[400n, 400n]]);
  expect(attempt.reserved?.claims.map(({ amount }) => amount)).toEqual([400n, 400n]);
  await produce(159);
  expect(asked).toHaveLength(1);
  await produce(300);
  expect(asked[1]).toEqual([1200n, 1200n]);
});

test('a claim that is no guess keeps its amount, and where none grows, nothing is asked', async () => {
  const { amountFor: _amountFor, ...fixed } = claim({ scope: 'fixed', amount: 7n });
  const { asked, produce } = streaming([fixed, claim({ amountFor: () => 250n })], async () => GRANTED);
  await produce(90);
  expect(asked).toEqual([[7n, 250n]]);
  await produce(1000);
  await produce(100_000);
  expect(asked).toHaveLength(1);
});

test('where a claim says stop, the attempt ends with the error of a budget', async () => {
  const stopping = claim({ whenShort: 'stop', label: '"monthly"' });
  const { attempt, produce } = streaming([stopping], async () => short({ ...stopping, amount: 200n }));
  await produce(80);
  expect(attempt.abort.reason).toMatchObject({
    code: 'GW_BUDGET_EXCEEDED',
    message: expect.stringMatching(/^The budget of "monthly" has nothing left for the rest of this answer\./),
  });
});

test('else it goes on, the others grow without it, and it is asked no more', async () => {
  const scarce = claim({ scope: 'scarce' });
  const { attempt, asked, warnings, produce } = streaming([scarce, claim({})], async ([first = 0n]) =>
    first > 200n ? short(scarce) : GRANTED,
  );
  await produce(80);
  expect(attempt.abort.reason).toBeUndefined();
  expect(asked).toEqual([
    [400n, 400n],
    [200n, 400n],
  ]);
  expect(warnings).toEqual(['An answer goes on beyond what scarce has left, and is billed in full.']);
  await produce(200);
  expect(asked[2]?.[0]).toBe(200n);
});

test('while the state does not answer, the stream goes on and asks again later', async () => {
  let broken = true;
  const { attempt, asked, warnings, produce } = streaming([claim({})], async () => {
    if (broken) throw new Error('away');
    return GRANTED;
  });
  await produce(80);
  expect(attempt.abort.reason).toBeUndefined();
  expect(warnings).toEqual(['A hold could not be made larger.']);
  broken = false;
  await produce(160);
  expect(asked[1]).toEqual([800n]);
  expect(attempt.reserved?.claims[0]?.amount).toBe(800n);
});

test('what is granted after the end changes nothing', async () => {
  let grant: (answer: Reservation) => void = () => undefined;
  const { attempt, produce } = streaming([claim({})], () => new Promise((resolve) => (grant = resolve)));
  await produce(80);
  attempt.outcome = { result: 'success', status: 200, usageComplete: true, duration: 1 };
  grant(short(claim({ whenShort: 'stop' })));
  await produce(0);
  expect([attempt.abort.reason, attempt.reserved?.claims[0]?.amount]).toEqual([undefined, 200n]);
});
