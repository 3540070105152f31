/** A worker's state: what it asks reaches the primary's, and what that answers comes back. */
import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import type { Claim, HoldRequest, OwnedState, Posting, Reservation, State } from '../state.ts';
import { FrameWriter } from './frame.ts';
import { arrived } from './frame.test.kit.ts';
import { remoteState } from './remote-state.ts';
import type { ServiceLink } from './remote.ts';

const copied = <T>(value: T): T => deserialize(serialize(value)) as T;
const claim = (scope: string, amount: bigint, limit?: bigint): Claim => ({
  scope,
  unit: 'tokens',
  window: { kind: 'sliding', name: 'minute', length: 60_000 },
  kind: 'limit',
  amount,
  limit,
  seen: () => undefined,
});
const grantsOf = ({ claims }: HoldRequest): Reservation => ({
  ok: true,
  grants: claims.map(({ amount }) => ({ period: 'p', balance: { spent: 0n, reserved: amount } })),
});
const bill = ({ scope, unit, window, kind, amount }: Claim, actual: bigint): Posting => {
  return { scope, unit, window: window.kind, name: window.name, period: 'p', kind, held: amount, actual };
};

const GONE = new GatewayError('GW_INTERNAL', 'The primary process is gone.');

interface Stage {
  readonly state: State;
  /** What the primary's state was asked. */
  readonly asked: unknown[];
  /** The methods that were called from the worker, and its rounds. */
  readonly calls: string[];
}

const NO_LINK: ServiceLink = {
  call: () => Promise.reject(GONE),
  frame: () => new FrameWriter(),
  ask: (_frame, _answered, failed) => failed(GONE),
  on: () => () => undefined,
};

function stage(own: Partial<OwnedState> = {}): Stage {
  const asked: unknown[] = [];
  const calls: string[] = [];
  const owned: Partial<OwnedState> = {
    reserve: (hold) => {
      asked.push({ ...hold, memo: hold.memo() });
      return Promise.resolve(grantsOf(hold));
    },
    settle: (id, postings) => {
      asked.push({ id, postings });
      return Promise.resolve({ late: false, duplicate: false });
    },
    ...own,
  };
  const served = remoteState.serve({ forOwner: () => owned } as unknown as State, () => undefined);
  const call = async (method: string, ...args: readonly unknown[]): Promise<unknown> => {
    calls.push(method);
    return copied(await served.call(method, copied(args)));
  };
  const ask: ServiceLink['ask'] = (frame, answered) => {
    calls.push('round');
    const answers = new FrameWriter();
    served.answer?.(arrived(frame), answers);
    setImmediate(() => answered(arrived(answers)));
  };
  const state = remoteState.connect({ ...NO_LINK, call: call as never, ask });
  return { state, asked, calls };
}

const hold = (id: string, ...claims: readonly Claim[]): HoldRequest => ({ id, claims, memo: () => `memo of ${id}` });

test('a hold is taken and billed as it was asked for', async () => {
  const { state, asked, calls } = stage();
  const claims = [claim('key:a', 5n, 100n), claim('global', 5n)];
  for (const id of ['1', '2']) {
    const reservation = await state.reserve(hold(id, ...claims));
    expect(reservation).toEqual(grantsOf(hold(id, ...claims)));
    const postings = claims.map((one) => bill(one, 3n));
    expect(await state.settle(id, postings)).toEqual({ late: false, duplicate: false });
    expect(asked.splice(0)).toEqual([
      { id, memo: `memo of ${id}`, claims: claims.map(({ seen: _seen, ...one }) => one) },
      { id, postings },
    ]);
  }
  // A state that answers only later is asked a second time.
  const once = ['round', 'reserve', 'round', 'bill'];
  expect(calls).toEqual([...once, ...once]);
});

test('a state that answers at once is not waited for', async () => {
  const { state, asked } = stage({
    reserveNow: grantsOf,
    settleNow: () => ({ late: true, duplicate: false }),
  });
  expect(await state.reserve(hold('1', claim('key:a', 5n)))).toEqual(grantsOf(hold('1', claim('key:a', 5n))));
  expect(await state.settle('1', [bill(claim('key:a', 5n), 9n)])).toEqual({ late: true, duplicate: false });
  expect(asked).toEqual([]);
});

test('what is asked for in one step goes in one call, and each gets its own answer', async () => {
  const settled: unknown[] = [];
  const { state, calls } = stage({
    reserveNow(request) {
      if (request.id === 'bad') throw new GatewayError('GW_CONFLICT', 'This hold is settled.');
      return request.id === 'later' ? undefined : grantsOf(request);
    },
    settleNow(id, postings) {
      settled.push([id, postings]);
      return { late: id === 'late', duplicate: false };
    },
  });
  const claims = [claim('key:a', 5n), claim('key:b', 2n ** 70n, 2n ** 80n)];
  const ids = ['late', 'bad', 'later', 'plain'];
  const taken = await Promise.allSettled(ids.map((id) => state.reserve(hold(id, ...claims))));
  expect(taken.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect((taken[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'GW_CONFLICT' });
  expect((taken[3] as PromiseFulfilledResult<Reservation>).value).toEqual(grantsOf(hold('plain', ...claims)));
  expect(calls.splice(0)).toEqual(['round', 'reserve']);
  const bills = claims.map((one) => bill(one, 2n ** 65n));
  const results = await Promise.all(['late', 'later', 'plain'].map((id) => state.settle(id, bills)));
  expect(results.map(({ late }) => late)).toEqual([true, false, false]);
  expect(settled).toEqual([
    ['late', bills],
    ['later', bills],
    ['plain', bills],
  ]);
  expect(calls).toEqual(['round']);
});

test('a hold that cannot say what it is for spoils no other of its step', async () => {
  const { state } = stage({ reserveNow: grantsOf });
  const mute = (): string => {
    throw new Error('no words for it');
  };
  const [good, claims] = [hold('good', claim('key:b', 7n)), [claim('key:a', 5n)]];
  const taken = await Promise.allSettled([state.reserve({ id: 'mute', claims, memo: mute }), state.reserve(good)]);
  expect(taken[0]).toMatchObject({ status: 'rejected', reason: { message: 'no words for it' } });
  expect(taken[1]).toEqual({ status: 'fulfilled', value: grantsOf(good) });
});

test('that a hold is fresh is told, and its bill comes with what was granted', async () => {
  const seen: unknown[] = [];
  const granted: unknown[] = [];
  const { state } = stage({
    reserveNow(request) {
      seen.push(request.fresh);
      const answer = grantsOf(request);
      if (answer.ok) granted.push(answer.grants);
      return answer;
    },
    settleNow(_id, _postings, grants) {
      seen.push(grants === granted[1]);
      return { late: false, duplicate: false };
    },
  });
  const claims = [claim('key:a', 5n)];
  await state.reserve(hold('1', ...claims));
  await state.reserve({ ...hold('2', ...claims), fresh: true });
  await state.settle(
    '2',
    claims.map((one) => bill(one, 1n)),
  );
  expect(seen).toEqual([false, true, true]);
});

test('a grant from the allowance of an outage says so', async () => {
  const { state } = stage({ reserveNow: (request) => ({ ...grantsOf(request), outage: true }) as Reservation });
  expect(await state.reserve(hold('1', claim('key:a', 5n)))).toMatchObject({ ok: true, outage: true });
});

test('where the primary is gone, all who ask in a step are told so', async () => {
  const state = remoteState.connect(NO_LINK);
  const taken = await Promise.allSettled(['1', '2'].map((id) => state.reserve(hold(id, claim('key:a', 5n)))));
  for (const one of taken) expect(one).toMatchObject({ reason: { code: 'GW_STATE_UNAVAILABLE' } });
});

test('a refusal names the claim of the worker, with all that it can do', async () => {
  const refused = (request: HoldRequest): Reservation => {
    const [, second] = request.claims;
    return { ok: false, refused: second as Claim, balance: { spent: 9n, reserved: 0n }, retryAfter: 7 };
  };
  const { state } = stage({ reserveNow: refused });
  const claims = [claim('key:a', 5n), claim('key:b', 5n, 10n)];
  const answer = await state.reserve(hold('1', ...claims));
  expect(answer).toEqual({ ok: false, refused: claims[1], balance: { spent: 9n, reserved: 0n }, retryAfter: 7 });
});

test('a bill of no hold, of another one, and of one that the primary does not know', async () => {
  const { state, asked, calls } = stage();
  const postings = [bill(claim('key:a', 5n), 2n)];
  await state.settle('never', postings);
  await state.reserve(hold('1', claim('key:b', 5n)));
  await state.settle('1', postings);
  // Twice settled is asked twice: the state itself knows that it was billed before.
  await state.settle('1', postings);
  expect(asked.filter((one) => 'postings' in (one as object))).toEqual([
    { id: 'never', postings },
    { id: '1', postings },
    { id: '1', postings },
  ]);
  expect(calls).toEqual(['bill', 'round', 'reserve', 'bill', 'bill']);
});
