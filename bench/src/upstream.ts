/** The upstream: a server on bare sockets that answers prebuilt bytes, so that it costs as little as a server can. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { chatEvents, chatReply, contentEvent, type Manner } from './payload.ts';
import { answerProbes } from './probe.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** How often a slow stream sends an event unless it is told otherwise, in milliseconds. */
export const SLOW_PERIOD = 500;
/** How often a stream of megabytes repeats its events. */
const FLOODS = 500;
/** One in so many requests of a shaky API fails. */
const SHAKY = 20;

/** The path of the API that answers in a manner; an SDK would call it the base URL. */
export function apiPath(manner: Manner): string {
  return `/${manner}/v1`;
}

const WHOLE = whole(chatReply());
const BURST = Buffer.concat([Buffer.from(STREAM_HEAD), ...chatEvents().map(chunk), LAST_CHUNK]);
const SLOW_START = Buffer.concat([Buffer.from(STREAM_HEAD), ...chatEvents(6).slice(0, 2).map(chunk)]);
const FLOOD = Buffer.concat([Buffer.from(STREAM_HEAD), ...chatEvents().slice(0, 1).map(chunk)]);
const FLOOD_PART = Buffer.concat(chatEvents().slice(1, 97).map(chunk));
const FLOOD_END = Buffer.concat([...chatEvents().slice(97).map(chunk), LAST_CHUNK]);
/** How many bytes of body a stream of megabytes has, about. */
export const FLOOD_SIZE = FLOOD_PART.length * FLOODS;
const SLOW_EVENT = chunk(contentEvent());
const BROKEN = error('{"error":{"message":"It broke.","type":"server_error"}}');
const NOT_FOUND = plain(404, 'Not Found');
const NO_LENGTH = plain(411, 'Length Required');

function whole(body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** An error that keeps the connection. */
function error(body: string): Buffer {
  const head = 'HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\n';
  return Buffer.from(`${head}content-length: ${body.length}\r\n\r\n${body}`);
}

function plain(status: number, reason: string): Buffer {
  return Buffer.from(`HTTP/1.1 ${status} ${reason}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

/** An event as a chunk of its own, as providers send them (RFC 9112, section 7.1). */
function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** One kept-alive connection: requests come one after another, each with its length. */
class Connection {
  readonly #socket: Socket;
  readonly #period: number;
  #held: Buffer | undefined;
  /** Bytes of the current request's body that have not arrived. */
  #missing = 0;
  #answer: Buffer | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, period: number) {
    this.#socket = socket;
    this.#period = period;
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearInterval(this.#timer));
  }

  #take(arrived: Buffer): void {
    let bytes = this.#held === undefined ? arrived : Buffer.concat([this.#held, arrived]);
    this.#held = undefined;
    while (bytes.length > 0) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, bytes.length);
        this.#missing -= taken;
        bytes = bytes.subarray(taken);
      } else {
        const end = bytes.indexOf(HEAD_END);
        if (end < 0) {
          this.#held = bytes;
          return;
        }
        this.#readHead(bytes.toString('latin1', 0, end));
        bytes = bytes.subarray(end + HEAD_END.length);
      }
      if (this.#missing === 0 && this.#answer !== undefined) this.#reply(this.#answer);
    }
  }

  #readHead(head: string): void {
    const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/1'));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#missing = Number(length ?? 0);
    if (length === undefined) this.#answer = NO_LENGTH;
    else if (path.startsWith('/whole/')) this.#answer = WHOLE;
    else if (path.startsWith('/burst/')) this.#answer = BURST;
    else if (path.startsWith('/slow/')) this.#answer = SLOW_START;
    else if (path.startsWith('/flood/')) this.#answer = FLOOD;
    else if (path.startsWith('/broken/')) this.#answer = BROKEN;
    else if (path.startsWith('/shaky/')) this.#answer = ++shaken % SHAKY === 0 ? BROKEN : WHOLE;
    else this.#answer = NOT_FOUND;
  }

  #reply(answer: Buffer): void {
    this.#answer = undefined;
    this.#socket.write(answer);
    if (answer === SLOW_START) this.#timer = setInterval(() => this.#socket.write(SLOW_EVENT), this.#period);
    else if (answer === FLOOD) this.#flood(FLOODS);
    else if (answer === NOT_FOUND || answer === NO_LENGTH) this.#socket.end();
  }

  /** Sends as fast as the other side takes it. */
  #flood(left: number): void {
    if (this.#socket.destroyed) return;
    for (let count = left; count > 0; count--) {
      if (this.#socket.write(FLOOD_PART)) continue;
      this.#socket.once('drain', () => this.#flood(count - 1));
      return;
    }
    this.#socket.write(FLOOD_END);
  }
}

/** Requests that came to the shaky API. */
let shaken = 0;

/** Listens on a free port of the loopback interface. `period`: between two events of a slow stream, in milliseconds. */
export async function startUpstream(period = SLOW_PERIOD): Promise<{ server: Server; port: number }> {
  const server = createServer({ noDelay: true }, (socket) => {
    void new Connection(socket, period);
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

if (import.meta.main) {
  const [period] = process.argv.slice(2);
  const { port } = await startUpstream(period === undefined ? SLOW_PERIOD : Number(period));
  answerProbes(port);
}
