/** What is written to a provider arrives whole, in one piece where it is small. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connector } from './connector.ts';

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

/** A connection, the pieces of which it hands to the system one by one, and all that arrives at its other end. */
async function connection(): Promise<{ socket: Socket; writes: unknown[]; arrived: () => Promise<Buffer> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const peer = once(server, 'connection') as Promise<[Socket]>;
  const socket = await new Promise<Socket>((resolve, reject) => {
    const options = { hostname: '127.0.0.1', host: '127.0.0.1', protocol: 'http:', port: String(port) };
    connector(1000)(options, (error, opened) => (error === null ? resolve(opened) : reject(error)));
  });
  const writes: unknown[] = [];
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, done) => {
    writes.push(chunk);
    write(chunk, encoding, done);
  };
  const [other] = await peer;
  closes.push(
    () => void server.close(),
    () => socket.destroy(),
  );
  const arrived = async (): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    other.on('data', (piece: Buffer) => pieces.push(piece));
    socket.end();
    await once(other, 'end');
    return Buffer.concat(pieces);
  };
  return { socket, writes, arrived };
}

function send(socket: Socket, head: string, encoding: BufferEncoding, body: Buffer): void {
  socket.cork();
  socket.write(head, encoding);
  socket.write(body);
  socket.uncork();
}

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_value, byte) => byte));

test('a small request is one write, byte for byte', async () => {
  const { socket, writes, arrived } = await connection();
  send(socket, 'POST /é\r\n\r\n', 'latin1', EVERY_BYTE);
  expect(writes).toHaveLength(1);
  expect(await arrived()).toEqual(Buffer.concat([Buffer.from('POST /é\r\n\r\n', 'latin1'), EVERY_BYTE]));
});

test('a large body is not copied into a text', async () => {
  const { socket, writes, arrived } = await connection();
  const body = Buffer.alloc(100_000, EVERY_BYTE);
  send(socket, 'POST /\r\n\r\n', 'latin1', body);
  expect(writes).toHaveLength(0);
  expect(await arrived()).toEqual(Buffer.concat([Buffer.from('POST /\r\n\r\n'), body]));
});

test('a head that is not Latin-1 stays what it is', async () => {
  const { socket, arrived } = await connection();
  send(socket, 'POST /東京\r\n\r\n', 'utf8', EVERY_BYTE);
  expect(await arrived()).toEqual(Buffer.concat([Buffer.from('POST /東京\r\n\r\n'), EVERY_BYTE]));
});

test('a failure is told', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const failure = await new Promise((resolve) => {
    const options = { hostname: '127.0.0.1', host: '127.0.0.1', protocol: 'http:', port: String(port) };
    connector(1000)(options, (...result) => resolve(result[0]));
  });
  expect(failure).toMatchObject({ code: 'ECONNREFUSED' });
});
