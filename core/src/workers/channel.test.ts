/** Tests of calls between two processes: batches, errors, and an end of the other side. */
import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { GatewayError, isGatewayError } from '../errors.ts';
import { Channel, type Parcel } from './channel.ts';

interface Ends {
  readonly near: Channel;
  readonly far: Channel;
  /** What went from the near one to the far one. */
  readonly sent: Parcel[];
  readonly noticed: unknown[];
}

function pair(answer: (name: string, args: readonly unknown[]) => unknown): Ends {
  const sent: Parcel[] = [];
  const noticed: unknown[] = [];
  const near: Channel = new Channel({
    send(parcel) {
      sent.push(parcel);
      // As Node copies what goes between processes.
      far.receive(deserialize(serialize(parcel)));
    },
    answer: () => undefined,
    notice: () => undefined,
  });
  const far: Channel = new Channel({
    send: (parcel) => near.receive(deserialize(serialize(parcel))),
    answer,
    notice: (name, value) => noticed.push([name, value]),
  });
  return { near, far, sent, noticed };
}

test('calls of one turn go in one message, and each has its own answer', async () => {
  const { near, sent } = pair((name, [number]) => Promise.resolve(`${name} ${(number as bigint) * 2n}`));
  const answers = await Promise.all([near.call('a', 1n), near.call('b', 2n), near.call('c', 3n)]);
  expect(answers).toEqual(['a 2', 'b 4', 'c 6']);
  expect(sent.length).toBe(1);
});

test('what is told comes in its order with what is called', async () => {
  const { near, noticed } = pair(() => noticed.length);
  near.tell('one', { at: 1 });
  const call = near.call('count');
  near.tell('two', undefined);
  expect(await call).toBe(1);
  expect(noticed).toEqual([
    ['one', { at: 1 }],
    ['two', undefined],
  ]);
});

test("the gateway's own errors come with code, details and without their cause; others with their message", async () => {
  const failures = [
    new GatewayError('GW_CONFLICT', 'changed', { retryAfter: 5, cause: { send: () => undefined } }),
    new TypeError('not foreseen'),
  ];
  const { near } = pair(() => {
    throw failures.shift() as Error;
  });
  const first: unknown = await near.call('x').catch((error: unknown) => error);
  expect(isGatewayError(first) && [first.code, first.status, first.details]).toEqual([
    'GW_CONFLICT',
    409,
    { retryAfter: 5 },
  ]);
  await expect(near.call('x')).rejects.toThrow('not foreseen');
});

test('whoever waits for a side that is gone is told so, and whoever asks later', async () => {
  const { near } = pair(() => new Promise(() => undefined));
  const waiting = near.call('x');
  near.close('It is gone.');
  await expect(waiting).rejects.toMatchObject({ code: 'GW_INTERNAL', message: 'It is gone.' });
  await expect(near.call('y')).rejects.toThrow('It is gone.');
  near.tell('z', 1);
});

test('a pipe that cannot be written to counts as gone', async () => {
  const channel = new Channel({
    send: () => {
      throw new Error('EPIPE');
    },
    answer: () => undefined,
    notice: () => undefined,
  });
  await expect(channel.call('x')).rejects.toThrow('The other process cannot be reached: EPIPE.');
});

test('messages of others are left alone', () => {
  const { near } = pair(() => undefined);
  for (const message of [undefined, null, 'text', { cmd: 'NODE_CLUSTER' }]) near.receive(message);
});
