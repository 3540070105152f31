/** The board while Redis goes and comes back, and for users who may not subscribe. */
import { systemClock, type LogFields, type Notice } from '@gatewright/core';
import { startRedis, type RedisServer } from '@gatewright/testkit/servers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { options } from './options.ts';
import { RedisBoard } from './redis-board.ts';
import { eventually, openState, whenBack } from './state.test.kit.ts';

let server: RedisServer;
const closing: (() => void)[] = [];

beforeEach(async () => {
  server = await startRedis();
});
afterEach(async () => {
  server.resume();
  for (const close of closing.splice(0)) close();
  await server.stop();
});

async function open(): Promise<RedisBoard> {
  const state = await openState({ url: server.url, budgetsWithoutStore: 'zero' });
  closing.push(() => state.abandon());
  return state.board;
}

const following = (board: RedisBoard): Map<string, Notice> => {
  const up = new Map<string, Notice>();
  closing.push(board.follow('news', (notice) => up.set(notice.key, notice)));
  return up;
};

test('a user who may not subscribe sees notices all the same, and the log says once why it takes a second', async () => {
  await server.command('acl', 'setuser', 'shut', 'on', '>secret', '~*', 'resetchannels', '+@all', '-@pubsub');
  const lines: [string, LogFields | undefined][] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string, fields?: LogFields) => void lines.push([message, fields]),
    error: (message: string, fields?: LogFields) => void lines.push([message, fields]),
  };
  const settings = options.parse({ url: server.url, username: 'shut', password: 'secret' });
  const boards: RedisBoard[] = [];
  for (let count = 0; count < 2; count++) {
    const connection = new Connection({ ...settings, clock: systemClock, log });
    const board = new RedisBoard({ ...settings, clock: systemClock, log, connection });
    closing.push(() => {
      board.close();
      connection.close();
    });
    await connection.connect();
    boards.push(board);
  }
  const [poster, follower] = boards as [RedisBoard, RedisBoard];
  const up = following(follower);
  await poster.post('news', 'a', '1', 60_000);
  await eventually(() => up.get('a')?.value === '1');
  await eventually(() => lines.length > 0);
  await poster.post('news', 'a', '2', 60_000);
  await eventually(() => up.get('a')?.value === '2');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.[0]).toContain('does not let this user subscribe');
  expect(JSON.stringify(lines)).not.toContain('secret');
});

test('posting to a Redis that is gone is refused; when it is back, notices are seen again', async () => {
  const [poster, follower] = [await open(), await open()];
  const up = following(follower);
  await poster.post('news', 'a', 'before', 60_000);
  await eventually(() => up.get('a')?.value === 'before');
  await server.crash();
  await eventually(() =>
    poster.post('news', 'a', 'lost', 60_000).then(
      () => false,
      (error: { code?: string }) => error.code === 'GW_STATE_UNAVAILABLE',
    ),
  );
  await server.start();
  await whenBack(() => poster.post('news', 'a', 'after', 60_000));
  await eventually(() => up.get('a')?.value === 'after');
  // It has subscribed again, too.
  await eventually(async () => (await server.command('pubsub', 'numsub', 'gatewright:board')).includes(':1'));
});

test('nobody is connected or asked for a board that nobody follows, and no more than one connection for two who do', async () => {
  const board = await open();
  const subscribers = async (): Promise<number> => {
    const answer = await server.command('pubsub', 'numsub', 'gatewright:board');
    return Number(/:(\d+)\r\n$/.exec(answer)?.[1]);
  };
  await board.post('news', 'a', '1', 60_000);
  expect(await subscribers()).toBe(0);
  const [first, second] = [following(board), following(board)];
  await eventually(async () => first.has('a') && second.has('a') && (await subscribers()) === 1);
  for (const stop of closing.splice(1)) stop();
  await eventually(async () => (await subscribers()) === 0);
});

test('a listener that breaks its promise not to throw is told of in the log, and the board goes on', async () => {
  const errors: string[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message: string) => void errors.push(message),
  };
  const settings = options.parse({ url: server.url });
  const connection = new Connection({ ...settings, clock: systemClock, log });
  const board = new RedisBoard({ ...settings, clock: systemClock, log, connection });
  closing.push(() => {
    board.close();
    connection.close();
  });
  await connection.connect();
  const heard: string[] = [];
  board.follow('news', ({ value }) => {
    heard.push(value);
    if (value === 'bad') throw new Error('not handled');
  });
  await board.post('news', 'a', 'bad', 60_000);
  await eventually(() => errors.length > 0);
  expect(errors[0]).toContain('could not be handled');
  await board.post('news', 'b', 'good', 60_000);
  await eventually(() => heard.includes('good'));
});
