/** The sockets that a gateway listens on; a reload that moves one opens the new before it closes the old. */
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Limits, NormalConfig } from '../config/normal.ts';
import { GatewayError } from '../errors.ts';
import { http } from './node-http.ts';

const { createServer, STATUS_CODES } = http;

/** What the one who listens says himself; what is absent comes from the configuration, and follows it. */
export interface ListenAt {
  readonly port?: number;
  readonly host?: string;
}

/** How long the last bytes of finished replies may take to leave, in milliseconds. */
export const LAST_BYTES = 2_000;

/** Whether the system deals the connections of a port out among the processes that listen on it (SO_REUSEPORT). */
export const CAN_SHARE_PORTS = process.platform === 'linux' || process.platform === 'freebsd';

/** Node's default for the time in which a whole request must arrive, in milliseconds. */
const REQUEST_TIMEOUT = 300_000;

interface Address {
  readonly host: string;
  readonly port: number;
}

interface Listening {
  readonly at: ListenAt;
  readonly host: string;
  readonly port: number;
  readonly server: Server;
}

/** A change of addresses that has been prepared: the new ones are open. */
export interface Move {
  /** The old ones take nobody in any more. */
  commit(): void;
  /** Gives the new ones up. */
  undo(): void;
}

export class Listeners {
  readonly #answer: RequestListener;
  readonly #shared: boolean;
  #open: Listening[] = [];
  /** Closed for new connections, with some that are still open. */
  readonly #leaving = new Map<Server, Promise<void>>();

  /** `shared`: other processes listen on the same addresses, and the system deals connections out among them. */
  constructor(answer: RequestListener, shared: boolean) {
    this.#answer = answer;
    this.#shared = shared;
  }

  /** Rejects with what the system says where it cannot listen there. */
  async listen(at: ListenAt, config: NormalConfig): Promise<AddressInfo> {
    const listening = await this.#listen(at, config);
    this.#open.push(listening);
    return listening.server.address() as AddressInfo;
  }

  /** Opens what the configuration has moved. Rejects with `GW_CONFIG` where it cannot; all is then as it was. */
  async move(config: NormalConfig): Promise<Move> {
    const opened = new Map<Listening, Listening>();
    const undo = (): void => {
      for (const { server } of opened.values()) server.close();
    };
    for (const before of this.#open) {
      const { host, port } = addressOf(before.at, config);
      if (host === before.host && port === before.port) continue;
      try {
        opened.set(before, await this.#listen(before.at, config));
      } catch (cause) {
        undo();
        throw refusedMove({ host, port }, cause as Error);
      }
    }
    return { commit: () => this.#commit(opened, config.limits), undo };
  }

  #commit(opened: ReadonlyMap<Listening, Listening>, limits: Limits): void {
    for (const before of opened.keys()) this.#leave(before.server);
    this.#open = this.#open.map((one) => opened.get(one) ?? one);
    // Of those that stay, new connections go by the new limits.
    for (const { server } of this.#open) Object.assign(server, settingsOf(limits));
  }

  /** Takes nobody in any more. */
  leave(): void {
    for (const { server } of this.#open.splice(0)) this.#leave(server);
  }

  /** Resolves when all connections that {@link leave} left are gone. */
  async left(): Promise<void> {
    await Promise.all(this.#leaving.values());
  }

  /** Breaks off what is left. */
  destroy(): void {
    for (const server of this.#leaving.keys()) server.closeAllConnections();
  }

  #leave(server: Server): void {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#leaving.set(
      server,
      closed.finally(() => this.#leaving.delete(server)),
    );
    server.closeIdleConnections();
  }

  async #listen(at: ListenAt, config: NormalConfig): Promise<Listening> {
    const { host, port } = addressOf(at, config);
    const server = createServer(settingsOf(config.limits), this.#answer);
    server.on('clientError', answerBrokenRequest);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, reusePort: this.#shared }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return { at, host, port, server };
  }
}

/** Node's own limit is for the whole request; it must not come before the one that the configuration sets for forms. */
function settingsOf({ headers, uploadTimeout }: Limits): { maxHeaderSize: number; requestTimeout: number } {
  return { maxHeaderSize: headers, requestTimeout: Math.max(REQUEST_TIMEOUT, uploadTimeout + LAST_BYTES) };
}

/** Where to listen: what was said goes before what is configured. */
export function addressOf(at: ListenAt, { listen }: NormalConfig): Address {
  return { host: at.host ?? listen.host, port: at.port ?? listen.port };
}

/** The error of an address to which a reload cannot move. */
export function refusedMove({ host, port }: Address, cause: Error): GatewayError {
  const message = `Cannot listen on ${host}:${port}, where the new configuration wants to: ${cause.message}.`;
  const help = 'Take another address under "listen", or stop what uses this one.';
  return new GatewayError('GW_CONFIG', message, { cause, help });
}

/** What is not even HTTP is answered on the bare socket, in the form that most clients can read. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'GW_HEADERS_TOO_LARGE', 'The request headers are too large. Raise `limits.headers` in the configuration.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'GW_BODY_TIMEOUT', 'The request did not arrive in time.']
        : [400, 'GW_BAD_REQUEST', 'The request is not valid HTTP.'];
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
