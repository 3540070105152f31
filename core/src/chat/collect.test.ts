import { expect, test } from 'vitest';
import fc from 'fast-check';
import { NO_USAGE } from '../usage.ts';
import { collect } from './collect.ts';
import type { Part } from './part.ts';
import type { ChatResponse } from './response.ts';
import { spread } from './spread.ts';

const parts: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: fc.string() }),
  fc.record({ type: fc.constant('refusal' as const), text: fc.string() }),
  fc.record({ type: fc.constant('tool-call' as const), id: fc.string(), name: fc.string(), arguments: fc.json() }),
  fc.record(
    { type: fc.constant('reasoning' as const), text: fc.string(), origin: fc.constant('d'), signature: fc.string() },
    { requiredKeys: ['type', 'text', 'origin'] },
  ),
  fc.record({
    type: fc.constant('opaque' as const),
    dialect: fc.constant('d'),
    value: fc.dictionary(fc.string(), fc.nat()),
  }),
);

const responses: fc.Arbitrary<ChatResponse> = fc.record({
  id: fc.string(),
  model: fc.string(),
  created: fc.nat(),
  candidates: fc
    .array(fc.record({ parts: fc.array(parts, { minLength: 1 }), stop: fc.constant({ reason: 'stop' as const }) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((list) => list.map((candidate, index) => ({ ...candidate, index }))),
  usage: fc.constant({ ...NO_USAGE, input: 3, output: 4 }),
});

test('what spread takes apart, collect puts together', () => {
  fc.assert(
    fc.property(responses, (response) => {
      expect(collect(spread(response))).toEqual(response);
    }),
  );
});

test('parts that overlap are kept apart', () => {
  const call = (id: string): Part => ({ type: 'tool-call', id, name: 'f', arguments: '' });
  const response = collect([
    { type: 'part-start', candidate: 0, index: 0, part: call('a') },
    { type: 'part-start', candidate: 0, index: 1, part: call('b') },
    { type: 'part-delta', candidate: 0, index: 1, delta: { kind: 'arguments', text: '{"b"' } },
    { type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'arguments', text: '{}' } },
    { type: 'part-delta', candidate: 0, index: 1, delta: { kind: 'arguments', text: ':1}' } },
  ]);
  expect(response.candidates[0]?.parts).toMatchObject([{ arguments: '{}' }, { arguments: '{"b":1}' }]);
});

test('a delta that its part cannot take, or without a part, changes nothing', () => {
  const response = collect([
    { type: 'part-start', candidate: 0, index: 0, part: { type: 'text', text: 'a' } },
    { type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'arguments', text: 'x' } },
    { type: 'part-delta', candidate: 0, index: 9, delta: { kind: 'text', text: 'x' } },
  ]);
  expect(response.candidates[0]?.parts).toEqual([{ type: 'text', text: 'a' }]);
});

test('later usage replaces earlier usage', () => {
  const response = collect([
    { type: 'start', id: 'i', model: 'm', usage: { ...NO_USAGE, input: 5 } },
    { type: 'usage', usage: { ...NO_USAGE, input: 5, output: 9 } },
  ]);
  expect(response.usage).toEqual({ ...NO_USAGE, input: 5, output: 9 });
});
