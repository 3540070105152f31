/** Rows as text: any row comes back, also from among others, and its parts are where whoever reads many looks for them. */
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Posting } from './state.ts';
import type { UsageRow } from './store.ts';
import { usageRowFromJson } from './usage-json.ts';
import { UsageLines, usageRowToJson, usageTextOf } from './usage-text.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('a', 'b\tc', '"', 'ü€😀'));
const count = fc.integer({ min: 0, max: 3_000_000_000 });
const amount = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n });
const posting: fc.Arbitrary<Posting> = fc.record({
  scope: text,
  unit: fc.constantFrom('nanos', 'tokens'),
  window: fc.constantFrom('periods', 'sliding', 'total', 'held'),
  name: text,
  period: text,
  kind: fc.constantFrom('budget', 'limit'),
  held: amount,
  actual: amount,
});
const usage = fc.record(
  {
    input: count,
    cacheRead: count,
    cacheWrite5m: count,
    cacheWrite1h: count,
    output: count,
    reasoning: count,
    audioInput: count,
    audioOutput: count,
    imageInput: count,
    imageOutput: count,
    units: fc.record({ seconds: fc.double({ min: 0, max: 9, noNaN: true }) }),
  },
  {
    requiredKeys: [
      'input',
      'cacheRead',
      'cacheWrite5m',
      'cacheWrite1h',
      'output',
      'reasoning',
      'audioInput',
      'audioOutput',
      'imageInput',
      'imageOutput',
    ],
  },
);
const REQUIRED = [
  'id',
  'type',
  'exchange',
  'time',
  'operation',
  'model',
  'provider',
  'upstreamModel',
  'key',
  'result',
  'status',
  'stream',
  'usageComplete',
  'duration',
  'postings',
] as const;
const rows = fc.record(
  {
    id: text,
    type: fc.constantFrom('final', 'orphaned', 'adjustment'),
    exchange: text,
    time: fc.maxSafeNat(),
    operation: fc.constantFrom('chat', 'embeddings'),
    surface: text,
    model: text,
    provider: text,
    upstreamModel: text,
    key: fc.constantFrom('one', 'two', 'thr\nee'),
    user: text,
    team: text,
    organisation: text,
    endUser: text,
    tags: fc.array(text),
    result: fc.constantFrom('success', 'error', 'client-gone'),
    status: fc.integer({ min: 0, max: 599 }),
    stream: fc.boolean(),
    usage,
    usageComplete: fc.boolean(),
    nanos: amount,
    price: text,
    duration: fc.oneof(
      fc.nat().map((n) => n / 1000),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
    ),
    timeToFirstToken: fc.nat(),
    upstreamId: text,
    kept: fc.constant(true as const),
    late: fc.boolean(),
    postings: fc.array(posting, { maxLength: 8 }),
    error: fc.record({ code: text, message: text }),
  },
  { requiredKeys: [...REQUIRED] },
) as fc.Arbitrary<UsageRow>;

test('any rows come back, each from its own line, behind the room that was asked for', () => {
  const property = fc.property(fc.array(rows, { minLength: 1, maxLength: 6 }), (all) => {
    const lines = new UsageLines(8);
    // The same callers again, with their parts ready.
    for (const some of [all, all.toReversed()]) {
      for (const row of some) lines.add(row);
      const taken = lines.take().toString('utf8', 8).split('\n');
      expect(taken.map(usageRowFromJson)).toEqual(some);
    }
  });
  fc.assert(property);
});

test('lines are written to the same memory again, unless one was so long that it had to grow', () => {
  const [row] = fc.sample(rows, 1) as [UsageRow];
  const lines = new UsageLines();
  const memories = Array.from({ length: 500 }, (_, time) => {
    lines.add({ ...row, time });
    const taken = lines.take();
    expect(usageRowFromJson(taken.toString()).time).toBe(time);
    return taken.buffer;
  });
  expect(new Set(memories).size).toBe(1);
  const long = { ...row, upstreamId: 'x'.repeat(200_000) };
  lines.add(long);
  expect(usageRowFromJson(lines.take().toString())).toEqual(long);
  lines.add(row);
  expect(lines.take().buffer.byteLength).toBe(memories[0]?.byteLength);
});

test('what the rows of one caller and target have in common is written once, however many targets the caller has', () => {
  const [row] = fc.sample(rows, 1) as [UsageRow];
  const lines = new UsageLines();
  const addAll = (): void => {
    for (let target = 0; target < 300; target++) lines.add({ ...row, tags: [], upstreamModel: `model-${target}` });
  };
  addAll();
  const stringified = vi.spyOn(JSON, 'stringify');
  addAll();
  const fields = stringified.mock.calls.flatMap(([value]) => (Array.isArray(value) ? [value] : []));
  stringified.mockRestore();
  expect(fields.filter((list) => list.length > 2)).toEqual([]);
});

test("the parts are the whole, and what is a row's own is a list without the others", () => {
  fc.assert(
    fc.property(rows, (row) => {
      const whole = usageRowToJson(row);
      const parts = usageTextOf(whole);
      expect([parts?.head, parts?.who, parts?.used, parts?.counters, parts?.amounts].join('\t')).toBe(whole);
      expect(JSON.parse(`${parts?.head}${parts?.used}${parts?.amounts}`)).toHaveLength(20);
      expect(JSON.parse(`[${parts?.who.slice(1)}]`)).toHaveLength(9);
      expect(JSON.parse(`${parts?.counters.slice(1)}`)).toHaveLength(6 * row.postings.length);
    }),
  );
  expect(usageTextOf('["gw-1-1","final","gw-1",1]')).toBeUndefined();
});
