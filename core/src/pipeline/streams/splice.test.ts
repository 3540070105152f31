import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../../chat/event.ts';
import type { EventDecoder } from '../../dialect.ts';
import type { Frame } from '../../sse/frame.ts';
import { Delivered } from './delivered.ts';
import { SplicedDecoder, type Joining } from './splice.ts';

const FRAME = {} as Frame;
const text = (index: number): ChatEvent => ({
  type: 'part-start',
  candidate: 0,
  index,
  part: { type: 'text', text: '' },
});
const delta = (index: number, said: string): ChatEvent => ({
  type: 'part-delta',
  candidate: 0,
  index,
  delta: { kind: 'text', text: said },
});
const reasoning = (index: number): ChatEvent[] => [
  { type: 'part-start', candidate: 0, index, part: { type: 'reasoning', text: '', origin: 'x' } },
  { type: 'part-delta', candidate: 0, index, delta: { kind: 'reasoning', text: 'hm' } },
];
const end = (index: number): ChatEvent => ({ type: 'part-end', candidate: 0, index });
const stop: ChatEvent = { type: 'stop', candidate: 0, stop: { kind: 'stop', raw: 'stop' } as never };

/** What the client has, and what the other target's events become behind it. */
function joined(had: ChatEvent[], said: ChatEvent[], joining: Joining): ChatEvent[] {
  const delivered = new Delivered();
  delivered.note(had);
  const frames = said.map((event) => [event]);
  const inner: EventDecoder<ChatEvent> = { push: () => frames.shift() ?? [], end: () => [] };
  const decoder = new SplicedDecoder(inner, delivered, joining);
  return said.flatMap(() => [...decoder.push(FRAME)]);
}

const wordsOf = (events: ChatEvent[]): string =>
  events.map((event) => (event.type === 'part-delta' && event.delta.kind === 'text' ? event.delta.text : '')).join('');

describe('wherever the two answers are cut into pieces', () => {
  const whole = 'Ten green bottles, hanging on the wall. ☂ And one.';
  const pieces = (from: string, seed: number): ChatEvent[] => {
    const out: ChatEvent[] = [];
    for (let at = 0, size = seed; at < from.length; at += size, size = (size * 7 + seed) % 11 || 1) {
      out.push(delta(0, from.slice(at, at + size)));
    }
    return out;
  };
  const cases = Array.from({ length: whole.length }, (_, cut) => cut);

  test.each<Joining>(['replay', 'echoes', 'continues'])('%s gives the same whole', (joining) => {
    for (const cut of cases) {
      for (const seed of [1, 2, 3, 5, 13]) {
        const had = [text(0), ...pieces(whole.slice(0, cut), seed)];
        const sent = whole.slice(0, cut).trimEnd();
        const says = joining === 'continues' ? whole.slice(sent.length) : whole;
        const after = joined(had, [text(0), ...pieces(says, seed + 1), end(0), stop], joining);
        expect(wordsOf(had) + wordsOf(after)).toBe(whole);
        expect(after.filter(({ type }) => type === 'part-start')).toHaveLength(0);
        expect(after.filter(({ type }) => type === 'part-end')).toEqual([end(0)]);
      }
    }
  });
});

test('a beginning that ends in white space is gone on with, whether or not it comes again', () => {
  const had = [text(0), delta(0, 'One, ')];
  expect(wordsOf(joined(had, [text(0), delta(0, ' two')], 'continues'))).toBe('two');
  expect(wordsOf(joined(had, [text(0), delta(0, 'two')], 'continues'))).toBe('two');
});

test('parts that nobody goes on with end before what comes behind them begins', () => {
  const had = [...reasoning(0)];
  const after = joined(had, [...reasoning(0), end(0), text(1), delta(1, 'Yes'), end(1), stop], 'replay');
  expect(after.map((event) => [event.type, 'index' in event ? event.index : undefined])).toEqual([
    ['part-end', 0],
    ['part-start', 1],
    ['part-delta', 1],
    ['part-end', 1],
    ['part-start', 2],
    ['part-delta', 2],
    ['part-end', 2],
    ['stop', undefined],
  ]);
});

test('reasoning behind half a text is left out', () => {
  const had = [text(0), delta(0, 'One')];
  const after = joined(had, [...reasoning(0), end(0), text(1), delta(1, ', two'), end(1)], 'continues');
  expect(after).toEqual([delta(0, ', two'), end(0)]);
});

test('a tool call behind the text that goes on gets a number of its own', () => {
  const had = [text(0), delta(0, 'I look')];
  const call: ChatEvent = {
    type: 'part-start',
    candidate: 0,
    index: 1,
    part: { type: 'tool-call', id: 'c', name: 'f', arguments: '' },
  };
  const after = joined(had, [text(0), delta(0, 'I look it up.'), end(0), call, end(1), stop], 'replay');
  expect(after).toEqual([delta(0, ' it up.'), end(0), { ...call, index: 2 }, end(2), stop]);
});

test.each<[string, ChatEvent[]]>([
  ['says something else', [text(0), delta(0, 'On the other hand')]],
  ['ends before it is there', [text(0), delta(0, 'On'), end(0)]],
  ['says nothing', [stop]],
  [
    'calls a tool instead',
    [{ ...text(0), part: { type: 'tool-call', id: 'c', name: 'f', arguments: '' } } as ChatEvent],
  ],
])('a replay that %s is no continuation', (_what, said) => {
  const had = [text(0), delta(0, 'One, two')];
  expect(() => joined(had, said, 'replay')).toThrow(expect.objectContaining({ code: 'GW_UPSTREAM_DIVERGED' }));
});
