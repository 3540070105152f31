/** A stream ends, whatever the one who is to tell its client of an error makes of it. */
import { expect, test } from 'vitest';
import { Sight, type Dialect } from '../../dialect.ts';
import { GatewayError } from '../../errors.ts';
import type { ReplySink } from '../../reply.ts';
import type { LiveExchange } from '../live-exchange.ts';
import type { Outlet } from '../outlet.ts';
import type { Lens } from './lens.ts';
import { StreamInFlight } from './stream.ts';

/** Passes everything on, and cannot say what is wrong. */
class MuteLens implements Lens {
  seen: number = Sight.NOTHING;
  readonly summary = {};
  readonly malformed = 0;
  readonly produced = 0;
  readonly told = 0;

  push(chunk: Buffer, out: Buffer[]): void {
    this.seen |= Sight.CONTENT;
    out.push(chunk);
  }
  finish(): void {}
  close(): void {}
  failure(): Buffer {
    throw new TypeError('no words for it');
  }
}

test.each([
  ['is broken off by its provider', (sink: ReplySink) => sink.error(new Error('cut'))],
  [
    'is ended from outside',
    (_sink: ReplySink, stream: StreamInFlight) => stream.stop(new GatewayError('GW_SHUTTING_DOWN', 'Over.')),
  ],
])('a stream that %s ends although its dialect fails to say so', async (_name, breakOff) => {
  const logged: string[] = [];
  const exchange = {
    kernel: {
      clock: { monotonic: () => 1, now: () => 1 },
      config: { limits: { stream: 1000, reply: 1000 } },
      logger: { error: (message: string) => logged.push(message) },
    },
    dialect: { id: 'mute' },
    timings: { content: 0 },
  } as unknown as LiveExchange;
  let sink: ReplySink | undefined;
  const body = {
    pipe: (to: ReplySink) => void (sink = to),
    pause: () => undefined,
    resume: () => undefined,
    cancel: () => undefined,
  };
  const source = { dialect: { id: 'other' } as Dialect, headers: {}, usageInjected: false };
  const stream = new StreamInFlight(exchange, { status: 200, headers: {}, body }, source, new MuteLens(), 'error');
  sink?.data(Buffer.from('hello'));
  await stream.committed;
  const written: string[] = [];
  const outlet = {
    headSent: false,
    open: () => undefined,
    onDrain: () => undefined,
    write: (chunks: readonly Buffer[]) => written.push(...chunks.map(String)) > 0,
  } as unknown as Outlet;
  const over = stream.deliver(outlet, {});
  breakOff(sink as ReplySink, stream);
  expect(await over).toMatchObject({ error: { code: expect.stringMatching(/^GW_/) as string }, untold: true });
  expect(written).toEqual(['hello']);
  expect(logged).toEqual(['The dialect "mute" could not tell a client of an error: no words for it']);
});
