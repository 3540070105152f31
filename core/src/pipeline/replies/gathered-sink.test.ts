/** What came in one turn is given in one piece, in order, and not after it was stopped. */
import { describe, expect, test } from 'vitest';
import { endOfTurn } from '../../in-step.ts';
import { bytesReply, type ReplyBody, type ReplySink } from '../../reply.ts';
import { GatheredSink } from './gathered-sink.ts';

/** Notes what it is given. */
class Noting implements ReplySink {
  readonly given: string[] = [];

  data(chunk: Buffer): void {
    this.given.push(chunk.toString());
  }

  end(): void {
    this.given.push('(end)');
  }

  error(error: Error): void {
    this.given.push(`(${error.message})`);
  }
}

function gathered(): [GatheredSink, string[]] {
  const noting = new Noting();
  return [new GatheredSink(noting), noting.given];
}

describe('GatheredSink', () => {
  test('gives all that came in a turn at its end, in one piece', async () => {
    const [sink, given] = gathered();
    sink.data(Buffer.from('a'));
    sink.data(Buffer.from('b'));
    await Promise.resolve();
    sink.data(Buffer.from('c'));
    expect(given).toEqual([]);
    await endOfTurn();
    expect(given).toEqual(['abc']);
  });

  test('gives what came in another turn for itself, and its end behind it', async () => {
    const [sink, given] = gathered();
    sink.data(Buffer.from('a'));
    await endOfTurn();
    sink.data(Buffer.from('b'));
    sink.end();
    await endOfTurn();
    await endOfTurn();
    expect(given).toEqual(['a', 'b', '(end)']);
  });

  test('gives at once what is much, so that a client that does not read can stop its provider', () => {
    const taken: number[] = [];
    const chunks = Array.from({ length: 32 }, () => Buffer.alloc(64 * 1024));
    const { body } = bytesReply(200, {}, chunks);
    const sink: ReplySink = {
      data(chunk) {
        taken.push(chunk.length);
        body.pause();
      },
      end: () => undefined,
      error: () => undefined,
    };
    body.pipe(new GatheredSink(sink));
    expect(taken).toEqual([64 * 1024]);
  });

  test('gives a stream that comes whole in a turn, and its end once', async () => {
    const [sink, given] = gathered();
    bytesReply(200, {}, [Buffer.from('a'), Buffer.from('b')]).body.pipe(sink);
    await endOfTurn();
    await endOfTurn();
    expect(given).toEqual(['ab', '(end)']);
  });

  test('gives the bytes before the error that came behind them', async () => {
    const [sink, given] = gathered();
    sink.data(Buffer.from('a'));
    sink.error(new Error('cut'));
    await endOfTurn();
    expect(given).toEqual(['a', '(cut)']);
  });

  test('gives an end for which there were no bytes', async () => {
    const [sink, given] = gathered();
    sink.end();
    await endOfTurn();
    expect(given).toEqual(['(end)']);
  });

  test('gives what has come when it is asked to, and none of it again', async () => {
    const [sink, given] = gathered();
    sink.data(Buffer.from('a'));
    sink.pass();
    expect(given).toEqual(['a']);
    await endOfTurn();
    expect(given).toEqual(['a']);
  });

  test('gives all that came before a pause, however early that was', async () => {
    const body = new Pausing(['a', 'b', 'c', 'd']);
    const given: string[] = [];
    const sink = new GatheredSink({
      data: (chunk) => {
        given.push(chunk.toString());
        body.pause();
      },
      end: () => given.push('(end)'),
      error: () => undefined,
    });
    body.pipe(sink);
    await endOfTurn();
    expect([given, body.paused]).toEqual([['abcd'], true]);
    body.resume();
    await endOfTurn();
    expect(given).toEqual(['abcd', '(end)']);
  });
});

/** Sends its chunks at once, and its end when it is not paused. */
class Pausing implements ReplyBody {
  readonly #chunks: readonly string[];
  #sink: ReplySink | undefined;
  paused = false;

  constructor(chunks: readonly string[]) {
    this.#chunks = chunks;
  }

  pipe(sink: ReplySink): void {
    this.#sink = sink;
    for (const chunk of this.#chunks) sink.data(Buffer.from(chunk));
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#sink?.end();
  }

  cancel(): void {
    this.#sink = undefined;
  }
}
