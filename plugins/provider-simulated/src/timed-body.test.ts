/** The timed body keeps the rules of a reply body: its times, pauses, chunks, ends. */
import { ManualClock } from '@gatewright/testkit';
import { describe, expect, test } from 'vitest';
import { TimedBody, type Ending } from './timed-body.ts';

interface Parts {
  readonly beats?: readonly [at: number, text: string][];
  readonly ending?: Ending;
  readonly chunk?: number;
  readonly idle?: number;
}

function bodyOf({
  beats = [
    [0, 'a'],
    [10, 'b'],
    [20, 'c'],
  ],
  ending = 'end',
  chunk = 100,
  idle = 1000,
}: Parts = {}) {
  const clock = new ManualClock();
  const seen: string[] = [];
  const body = new TimedBody({
    clock,
    beats: beats.map(([at, text]) => ({ at, bytes: Buffer.from(text) })),
    ending,
    chunk,
    idle,
    target: 'simulated/sim',
  });
  const sink = {
    data: (bytes: Buffer) => void seen.push(bytes.toString()),
    end: () => void seen.push('END'),
    error: (error: Error) => void seen.push((error as Error & { code: string }).code),
  };
  return { clock, seen, body, sink };
}

describe('time', () => {
  test('each piece comes when it is ready, and the end right behind the last', () => {
    const { clock, seen, body, sink } = bodyOf();
    body.pipe(sink);
    expect(seen).toEqual(['a']);
    clock.advance(9);
    expect(seen).toEqual(['a']);
    clock.advance(1);
    expect(seen).toEqual(['a', 'b']);
    clock.advance(10);
    expect(seen).toEqual(['a', 'b', 'c', 'END']);
    expect(clock.waiting).toBe(0);
  });

  test('what was ready before it is piped comes together', () => {
    const { clock, seen, body, sink } = bodyOf();
    clock.advance(15);
    body.pipe(sink);
    expect(seen).toEqual(['ab']);
  });

  test('times between milliseconds are not missed', () => {
    const { clock, seen, body, sink } = bodyOf({
      beats: [
        [0.4, 'a'],
        [0.8, 'b'],
      ],
    });
    body.pipe(sink);
    clock.advance(1);
    expect(seen).toEqual(['ab', 'END']);
  });
});

describe('chunks', () => {
  test('no more than a chunk is given at once', () => {
    const { seen, body, sink } = bodyOf({
      beats: [
        [0, 'abc'],
        [0, 'de'],
      ],
      chunk: 2,
    });
    body.pipe(sink);
    expect(seen).toEqual(['ab', 'cd', 'e', 'END']);
  });

  test('a pause in the middle holds the rest back', () => {
    const { clock, seen, body, sink } = bodyOf({ beats: [[0, 'abc']], chunk: 1 });
    body.pipe({ ...sink, data: (bytes) => (sink.data(bytes), body.pause()) });
    clock.advance(50);
    expect(seen).toEqual(['a']);
    body.resume();
    expect(seen).toEqual(['a', 'b']);
  });

  test('a sink that pauses and resumes at once gets everything once', () => {
    const { seen, body, sink } = bodyOf({ beats: [[0, 'abc']], chunk: 1 });
    body.pipe({ ...sink, data: (bytes) => (sink.data(bytes), body.pause(), body.resume()) });
    expect(seen).toEqual(['a', 'b', 'c', 'END']);
  });
});

describe('pause', () => {
  test('nothing comes while it lasts, not even the end; then all that is due', () => {
    const { clock, seen, body, sink } = bodyOf();
    body.pipe(sink);
    body.pause();
    clock.advance(100);
    expect(seen).toEqual(['a']);
    body.resume();
    expect(seen).toEqual(['a', 'bc', 'END']);
  });

  test('before the pipe it holds everything', () => {
    const { seen, body, sink } = bodyOf({ beats: [[0, 'a']] });
    body.pause();
    body.pipe(sink);
    expect(seen).toEqual([]);
    body.resume();
    expect(seen).toEqual(['a', 'END']);
  });
});

describe('cancel', () => {
  test('nothing follows, and no timer stays', () => {
    const { clock, seen, body, sink } = bodyOf();
    body.pipe(sink);
    body.cancel();
    body.resume();
    clock.advance(100);
    expect(seen).toEqual(['a']);
    expect(clock.waiting).toBe(0);
  });

  test('inside the sink it stops the loop', () => {
    const { seen, body, sink } = bodyOf({ beats: [[0, 'abc']], chunk: 1 });
    body.pipe({ ...sink, data: (bytes) => (sink.data(bytes), body.cancel()) });
    expect(seen).toEqual(['a']);
  });
});

describe('bad ends', () => {
  test('a broken connection is an error behind the last piece', () => {
    const { clock, seen, body, sink } = bodyOf({ beats: [[0, 'a']], ending: 'cut' });
    body.pipe(sink);
    expect(seen).toEqual(['a', 'GW_UPSTREAM_CUT']);
    expect(clock.waiting).toBe(0);
  });

  test('silence ends in the idle timeout', () => {
    const { clock, seen, body, sink } = bodyOf({ beats: [[0, 'a']], ending: 'silence', idle: 500 });
    body.pipe(sink);
    clock.advance(499);
    expect(seen).toEqual(['a']);
    clock.advance(1);
    expect(seen).toEqual(['a', 'GW_UPSTREAM_TIMEOUT']);
  });

  test('so does a piece that takes too long', () => {
    const { clock, seen, body, sink } = bodyOf({
      beats: [
        [0, 'a'],
        [900, 'b'],
      ],
      idle: 500,
    });
    body.pipe(sink);
    clock.advance(2000);
    expect(seen).toEqual(['a', 'GW_UPSTREAM_TIMEOUT']);
  });
});

test('the task for the end runs once, however it ends', () => {
  const ends: string[] = [];
  for (const ending of ['end', 'cut'] as const) {
    const { body, sink } = bodyOf({ beats: [], ending });
    body.onOver(() => void ends.push(ending));
    body.pipe(sink);
    body.cancel();
  }
  const { body } = bodyOf();
  body.cancel();
  body.onOver(() => void ends.push('cancel'));
  expect(ends).toEqual(['end', 'cut', 'cancel']);
});
