/** A client that is busy sending still gets to read that nobody wants it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { linger } from './linger.ts';

let server: Server | undefined;

afterEach(() => server?.close());

/** A server that answers at once and lingers; the port it listens at. */
async function running(): Promise<number> {
  server = createServer((request, response) => {
    request.pause();
    response.writeHead(413, { 'content-length': 2, connection: 'close' });
    response.write('no');
    linger(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('what is still sent is thrown away, and the reply arrives whole', async () => {
  const port = await running();
  const body = Buffer.alloc(20_000_000);
  for (let tries = 0; tries < 5; tries++) {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
    // No error: the connection ends in order.
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 413 [^]*\r\n\r\nno$/);
  }
});

test('a client that sends nothing more is not waited for long, and one that leaves not at all', async () => {
  const port = await running();
  const quiet = connect(port, '127.0.0.1');
  quiet.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
  quiet.resume();
  await once(quiet, 'close');
  const gone = connect(port, '127.0.0.1');
  gone.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
  await once(gone, 'data');
  gone.destroy();
  await once(gone, 'close');
});
