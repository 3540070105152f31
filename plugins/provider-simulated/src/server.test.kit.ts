/** Puts the simulated provider behind a real socket, so that official clients can talk to it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@gatewright/core';
import { simulatedCall } from './call.ts';
import { options } from './options.ts';
import { attemptOf, exchangeOf } from './rig.test.kit.ts';

export interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

/** Every POST is a chat, but those to a path that ends in `/count_tokens`. */
export async function serve(more: Record<string, unknown> = {}): Promise<Served> {
  const fast = { tokensPerSecond: 0, firstTokenDelay: 0 };
  const call = simulatedCall(options.parse({ ...fast, ...more }), systemClock);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const operation = request.url?.endsWith('/count_tokens') === true ? 'count-tokens' : 'chat';
      call(attemptOf({ body }), exchangeOf(operation)).then(
        (reply) => {
          response.writeHead(reply.status, { ...reply.headers });
          reply.body.pipe({
            data: (chunk) => response.write(chunk),
            end: () => response.end(),
            error: () => response.destroy(),
          });
        },
        () => response.destroy(),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
