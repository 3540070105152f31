/** Keeps a stream's connection alive with comments while there is nothing to send. */
import type { Clock } from '../../clock.ts';
import { firstOf } from '../../lazy-route.ts';
import { streamType } from '../replies/deliver.ts';
import { replyHeaders } from '../headers.ts';
import type { LiveExchange } from '../live-exchange.ts';
import type { HeadersOut, Outlet } from '../outlet.ts';

/** A line that every parser of server-sent events leaves out (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). */
const COMMENT = Buffer.from(': keep-alive\n\n');

export class PatientOutlet implements Outlet {
  readonly #inner: Outlet;
  readonly #clock: Clock;
  readonly #every: number;
  /** The head of a stream that has no answer yet. */
  readonly #head: () => HeadersOut;
  #cancel: () => void;
  /** Something was written since the last look. */
  #wrote = false;
  #waiting = false;

  /** Sends a comment after `every` milliseconds without content, and again each time. */
  constructor(inner: Outlet, clock: Clock, every: number, head: () => HeadersOut) {
    this.#inner = inner;
    this.#clock = clock;
    this.#every = every;
    this.#head = head;
    this.#cancel = clock.after(every, () => this.#beat());
  }

  get headSent(): boolean {
    return this.#inner.headSent;
  }

  get waiting(): boolean {
    return this.#waiting;
  }

  whole(status: number, headers: HeadersOut, chunks: readonly Buffer[]): void {
    this.#cancel();
    this.#inner.whole(status, headers, chunks);
  }

  open(status: number, headers: HeadersOut): void {
    this.#wrote = true;
    if (this.#waiting) this.#waiting = false;
    else this.#inner.open(status, headers);
  }

  write(chunks: readonly Buffer[]): boolean {
    this.#wrote = true;
    return this.#inner.write(chunks);
  }

  onDrain(listener: () => void): void {
    this.#inner.onDrain(listener);
  }

  close(): void {
    this.#cancel();
    this.#inner.close();
  }

  destroy(): void {
    this.#cancel();
    this.#inner.destroy();
  }

  /** One timer for the whole stream: content only marks that it was there. */
  #beat(): void {
    if (!this.#wrote) {
      if (!this.#inner.headSent) {
        this.#waiting = true;
        this.#inner.open(200, this.#head());
      }
      this.#inner.write([COMMENT]);
    }
    this.#wrote = false;
    this.#cancel = this.#clock.after(this.#every, () => this.#beat());
  }
}

/** The outlet for a stream whose first target wants its clients kept alive; undefined where there is no such stream. */
export function patientOutlet(exchange: LiveExchange, outlet: Outlet | undefined): PatientOutlet | undefined {
  const { dialect, route, kernel } = exchange;
  const every = (route && firstOf(route))?.keepAlive ?? 0;
  const stream = dialect?.codec.stream;
  if (!exchange.stream || every === 0 || outlet === undefined || stream === undefined) return undefined;
  if (exchange.trace !== undefined) return undefined;
  // Other framings have no comments; and what may be answered in bytes is no stream until its head says so.
  if (stream.splitter !== undefined || stream.contentType !== undefined || dialect?.codec.raw !== undefined) {
    return undefined;
  }
  return new PatientOutlet(outlet, kernel.clock, every, () => replyHeaders(exchange, undefined, streamType(exchange)));
}
