/** What the tests of a provider stand on: a setup that keeps the taps, attempts, and a server on the loopback. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attempt, Plugin, ProviderOptions, Reply, SetupContext, WireReply } from '@gatewright/core';
import { isNeutralReply } from '@gatewright/core';

type Call = (attempt: Attempt) => Promise<Reply>;

export interface Rig {
  readonly call: Call;
  readonly options: ProviderOptions;
  dispose(): Promise<void>;
}

/** Sets a provider plugin up, with its options parsed as the kernel parses them. */
export async function setUp(plugin: Plugin, options: unknown): Promise<Rig> {
  const taps: { call: Call; options: ProviderOptions }[] = [];
  const closers: (() => unknown)[] = [];
  const context = {
    id: plugin.id,
    hooks: { call: { tap: (call: Call, options: ProviderOptions) => taps.push({ call, options }) } },
    share<T>(_key: string, open: () => T, close: (value: T) => unknown): T {
      const value = open();
      closers.push(() => close(value));
      return value;
    },
  };
  await plugin.setup(context as unknown as SetupContext, plugin.options.parse(options));
  const [tap] = taps;
  if (tap === undefined || taps.length !== 1) throw new Error(`Expected one call tap, saw ${taps.length}.`);
  return {
    ...tap,
    async dispose() {
      for (const close of closers) await close();
    },
  };
}

export interface AttemptParts {
  /** Default `gemini-generate`. */
  readonly dialect?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly model?: string;
  readonly stream?: boolean;
  /** Takes the listener that the provider registers for the end of the attempt. */
  readonly onAbort?: (listener: () => void) => void;
}

/** An attempt as the core would make it. */
export function attemptOf(parts: AttemptParts = {}): Attempt {
  const timeouts = { connect: 1000, headers: 1000, idle: 1000, total: 5000 };
  const { model = 'gemini-3-pro', stream = false } = parts;
  const target = { id: `gemini/${model}`, provider: 'gemini', model, of: 'model', timeouts };
  const attempt = {
    id: 'x-1',
    target,
    dialect: parts.dialect ?? 'gemini-generate',
    body: Buffer.from(parts.body ?? '{}'),
    headers: parts.headers ?? {},
    stream,
    signal: new AbortController().signal,
    onAbort(listener: () => void) {
      parts.onAbort?.(listener);
      return () => undefined;
    },
  };
  return attempt as unknown as Attempt;
}

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Loopback {
  readonly origin: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** A server that keeps what it gets and answers the same to everything. */
export async function loopback(status = 200, answer = '{"ok":true}'): Promise<Loopback> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'up-1' }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The whole text of a reply in wire form. */
export function textOf(reply: Reply): Promise<string> {
  if (isNeutralReply(reply)) throw new Error('Expected a reply in wire form.');
  const { body }: WireReply = reply;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    body.pipe({
      data: (chunk) => chunks.push(chunk),
      end: () => resolve(Buffer.concat(chunks).toString()),
      error: reject,
    });
  });
}
