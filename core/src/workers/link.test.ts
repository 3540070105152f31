/** What a worker asks in frames is answered in its order; who waits is told where that cannot be. Over real sockets. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { Channel, type Parcel } from './channel.ts';
import { sentError } from './failure.ts';
import type { FrameReader, FrameWriter } from './frame.ts';
import { FramePipe } from './frame-pipe.ts';
import { WorkerLink } from './link.ts';
import { ANSWERED, FAILED } from './protocol.ts';
import type { ServiceLink } from './remote.ts';

interface Stage {
  readonly link: WorkerLink;
  /** As a service has it. */
  readonly service: ServiceLink;
  /** What went over the channel. */
  readonly told: unknown[];
  /** The primary's end. */
  readonly primary: Socket;
}

let server: Server | undefined;
afterEach(() => server?.close());

/** The primary answers twice a number, an error for a seven, and nothing to an eight. */
async function stage(): Promise<Stage> {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [primary] = (await once(server, 'connection')) as [Socket];
  const pipe: FramePipe = new FramePipe(
    primary,
    (questions) => {
      expect([questions.word(), questions.number()]).toEqual(['state', 3]);
      const asked = questions.number();
      if (asked === 8) return;
      const answers = pipe.frame();
      answers.number(asked === 7 ? FAILED : ANSWERED);
      if (asked === 7) answers.other(sentError(new GatewayError('GW_CONFLICT', 'No sevens.')));
      else answers.number(2 * asked);
      pipe.send(answers);
    },
    () => undefined,
  );
  const told: unknown[] = [];
  const send = ({ gatewright }: Parcel): void => void told.push(...gatewright);
  const channel = new Channel({ send, answer: () => undefined, notice: () => undefined });
  const link = new WorkerLink(channel, socket);
  link.generation = 3;
  let service: ServiceLink | undefined;
  link.connect('state', {
    serve: () => ({ call: () => undefined, close: () => undefined }),
    connect: (given) => (service = given) as never,
  });
  return { link, service: service as unknown as ServiceLink, told, primary };
}

function ask(service: ServiceLink, number: number): Promise<number> {
  const frame: FrameWriter = service.frame();
  frame.number(number);
  return new Promise((resolve, reject) => {
    service.ask(frame, (answer: FrameReader) => resolve(answer.number()), reject);
  });
}

test('each has its own answer, and an error is the error of who asked for it', async () => {
  const { service } = await stage();
  const numbers = Array.from({ length: 300 }, (_, index) => index + 10);
  const [answers, failure, last] = await Promise.allSettled([
    Promise.all(numbers.map((number) => ask(service, number))),
    ask(service, 7),
    ask(service, 1),
  ]);
  expect(answers).toEqual({ status: 'fulfilled', value: numbers.map((number) => 2 * number) });
  expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'GW_CONFLICT', message: 'No sevens.' } });
  expect(last).toEqual({ status: 'fulfilled', value: 2 });
});

test('the primary hears of the end of a configuration behind all that was asked in it', async () => {
  const { link, service, told } = await stage();
  let answered = false;
  const asked = ask(service, 5).then(() => (answered = true));
  const released = link.release(3).then(() => answered);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([]);
  expect([await released, await asked]).toEqual([true, true]);
  await link.quiet();
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([['notice', 'release', 3]]);
});

test('where the primary is gone, who waits and who asks later are told so', async () => {
  const { link, service, primary } = await stage();
  const waiting = Promise.allSettled([ask(service, 8), ask(service, 8)]);
  const quiet = link.quiet();
  setImmediate(() => primary.destroy());
  const gone = { status: 'rejected', reason: { code: 'GW_INTERNAL', message: 'The primary process is gone.' } };
  expect(await waiting).toMatchObject([gone, gone]);
  await quiet;
  expect(await Promise.allSettled([ask(service, 1)])).toMatchObject([gone]);
});
