/** How bytes flow: a slow client holds a sound back at the provider, and a provider may answer before it has read a form. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noise } from './form-upstream.ts';
import { startGateway, waitFor, type TestGateway } from './gateways.ts';

let server: Server;
let gateway: TestGateway;
let serve: (incoming: IncomingMessage, response: ServerResponse, index: number) => void;
let calls = 0;

beforeEach(async () => {
  calls = 0;
  server = createServer((incoming, response) => serve(incoming, response, calls++));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = await startGateway({ upstream, config: { retries: 1 } });
});

afterEach(async () => {
  await gateway.close();
  server.closeAllConnections();
  server.close();
});

const SOUND = noise(3_000_000);

function transcribe(): Promise<Response> {
  const body = new FormData();
  body.append('file', new File([SOUND], 'a.wav'));
  body.append('model', 'gpt');
  return fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', body });
}

/** Answers at once, and reads nothing of the request. */
function answerEarly(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

describe('a provider that answers before it has read the form', () => {
  test('and refuses it is heard', async () => {
    serve = (incoming, response) => {
      incoming.pause();
      answerEarly(response, 400, '{"error":{"message":"Unsupported file.","param":"file"}}');
    };
    const response = await transcribe();
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: 'Unsupported file.', param: 'file' } });
    expect(calls).toBe(1);
  });

  test('and is overloaded is tried again, with the whole form', async () => {
    let length = 0;
    serve = (incoming, response, index) => {
      if (index === 0) {
        incoming.pause();
        answerEarly(response, 503, '{"error":{"message":"overloaded"}}');
        return;
      }
      incoming.on('data', (chunk: Buffer) => (length += chunk.length));
      incoming.on('end', () => answerEarly(response, 200, `{"text":"${length}"}`));
      expect(Number(incoming.headers['content-length'])).toBeGreaterThan(SOUND.length);
    };
    const response = await transcribe();
    expect(response.status).toBe(200);
    const { text } = (await response.json()) as { text: string };
    expect(Number(text)).toBeGreaterThan(SOUND.length);
    expect((await gateway.record()).attempts.map(({ status }) => status)).toEqual([503, 200]);
  });

  test('and breaks off is tried again', async () => {
    serve = (incoming, response, index) => {
      if (index === 0) incoming.once('data', () => incoming.destroy());
      else incoming.resume().on('end', () => answerEarly(response, 200, '{"text":"Hi."}'));
    };
    const response = await transcribe();
    expect([response.status, await response.json()]).toEqual([200, { text: 'Hi.' }]);
  });

  test('and whose client leaves while it reads is let go', async () => {
    let complete: boolean | undefined;
    let reading: IncomingMessage | undefined;
    serve = (incoming) => {
      reading = incoming.pause();
      incoming.on('close', () => (complete = incoming.complete));
      incoming.on('error', () => undefined);
    };
    const abort = new AbortController();
    const body = new FormData();
    // More than the buffers of the sockets take.
    body.append('file', new File([noise(40_000_000)], 'a.wav'));
    body.append('model', 'gpt');
    const url = `${gateway.url}/v1/audio/transcriptions`;
    const reply = fetch(url, { method: 'POST', body, signal: abort.signal });
    const failed = reply.catch((error: unknown) => (error as Error).name);
    await waitFor(() => reading);
    abort.abort();
    expect(await failed).toBe('AbortError');
    reading?.resume();
    expect(await waitFor(() => complete)).toBe(false);
    expect(await gateway.record()).toMatchObject({ result: 'client-gone', attempts: [{ result: 'client-gone' }] });
  });
});

test('a client that does not read holds the provider back; then all of it arrives', async () => {
  const size = 64 * 1024 * 1024;
  const piece = Buffer.alloc(64 * 1024, 7);
  let sent = 0;
  serve = (incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': size });
    const fill = (): void => {
      while (sent < size) {
        sent += piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    };
    response.on('drain', fill);
    fill();
  };
  const client = request(`${gateway.url}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  client.end(JSON.stringify({ model: 'gpt', input: 'Hi', voice: 'alloy' }));
  const [reply] = (await once(client, 'response')) as [IncomingMessage];
  let before = -1;
  while (before !== sent) {
    before = sent;
    await sleep(100);
  }
  // What fits into the buffers of two sockets and the gateway, and no more.
  expect(sent).toBeLessThan(size / 2);
  let received = 0;
  reply.on('data', (chunk: Buffer) => (received += chunk.length));
  await once(reply, 'end');
  expect([received, sent]).toEqual([size, size]);
  expect(await gateway.record()).toMatchObject({ result: 'success', status: 200 });
});
