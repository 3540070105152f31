/** The proxy passes on what it gets, unless it is told not to. */
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProxy, type FaultProxy } from './proxy.ts';

const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
let proxy: FaultProxy;

beforeAll(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startProxy((echo.address() as AddressInfo).port);
});
afterAll(async () => {
  await proxy.stop();
  echo.close();
});

async function connect(): Promise<Socket> {
  const socket = createConnection({ port: proxy.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const next = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

test('passes on, cuts, and takes connections again', async () => {
  const socket = await connect();
  socket.write('one');
  expect(await next(socket)).toBe('one');
  const closed = once(socket, 'close');
  proxy.cut();
  await closed;
  const refused = await connect();
  await once(refused, 'close');
  proxy.restore();
  const again = await connect();
  again.write('two');
  expect(await next(again)).toBe('two');
  again.destroy();
});

test('holds everything back while silent, and passes it on then', async () => {
  const socket = await connect();
  proxy.silence();
  socket.write('late');
  const heard = next(socket);
  expect(await Promise.race([heard, sleep(60).then(() => 'nothing')])).toBe('nothing');
  proxy.restore();
  expect(await heard).toBe('late');
  socket.destroy();
});

test('is as slow as it is told to be', async () => {
  const socket = await connect();
  proxy.slow(40);
  const started = performance.now();
  socket.write('slow');
  expect(await next(socket)).toBe('slow');
  expect(performance.now() - started).toBeGreaterThan(75);
  proxy.restore();
  socket.destroy();
});

test('keeps the order of bytes, also when it gets faster', async () => {
  const socket = await connect();
  proxy.slow(80);
  socket.write('one');
  await sleep(20);
  proxy.slow(1);
  socket.write('two');
  await sleep(20);
  proxy.restore();
  socket.write('three');
  let heard = '';
  while (heard.length < 'onetwothree'.length) heard += await next(socket);
  expect(heard).toBe('onetwothree');
  socket.destroy();
});
