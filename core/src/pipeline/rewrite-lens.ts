/** The tier *rewrite*: frames are decoded, transformed and encoded for the client; an unchanged one keeps its bytes where the dialects are the same. */
import type { ChatEvent } from '../chat/event.ts';
import {
  Sight,
  type EventDecoder,
  type EventEncoder,
  type FrameSplitter,
  type StreamCodec,
  type Summary,
} from '../dialect.ts';
import { GatewayError } from '../errors.ts';
import type { Frame, FrameListener } from '../sse/frame.ts';
import { SseSplitter } from '../sse/splitter.ts';
import { encodeContext } from './encode-context.ts';
import { EventChain } from './event-chain.ts';
import { forClient } from './failure.ts';
import { identified } from './identified.ts';
import type { LiveExchange } from './live-exchange.ts';
import { tokensIn, toBuffer, type Lens } from './lens.ts';
import type { ReplySource } from './reply-source.ts';
import { StreamTail, type Group } from './stream-tail.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class RewriteLens implements Lens {
  readonly #exchange: LiveExchange;
  readonly #codec: StreamCodec;
  readonly #decoder: EventDecoder<ChatEvent>;
  readonly #encoder: EventEncoder<ChatEvent>;
  readonly #chain: EventChain;
  readonly #splitter: FrameSplitter;
  readonly #reports: string | undefined;
  /** The provider's dialect is not the client's. */
  readonly #foreign: boolean;
  readonly #tail = new StreamTail();
  /** Frames are forwarded as they came. Ends with the first change: behind it only the encoder knows what the client was told. */
  #keepBytes: boolean;
  #out: Buffer[] = [];
  #text = '';
  #stopped = false;
  readonly summary: Writable<Summary> = {};
  seen: number = Sight.NOTHING;
  malformed = 0;
  produced = 0;

  constructor(exchange: LiveExchange, client: StreamCodec, source: ReplySource) {
    this.#exchange = exchange;
    this.#codec = client;
    this.#reports = source.reports;
    this.#foreign = exchange.dialect !== source.dialect;
    this.#keepBytes = !this.#foreign && !source.usageInjected && source.reports === undefined;
    const provider = source.dialect.codec.stream as StreamCodec<'chat'>;
    this.#decoder = provider.decoder();
    const usage = exchange.request().streamUsage === true;
    const context = encodeContext(exchange, source.reports ?? '', 'drop');
    this.#encoder = (client as StreamCodec<'chat'>).encoder({ ...context, usage, requestId: exchange.id });
    this.#chain = new EventChain(exchange);
    const listener: FrameListener = (frame, start, end) => this.#frame(frame, start, end);
    this.#splitter = provider.splitter?.(listener) ?? new SseSplitter(listener);
  }

  push(chunk: Buffer, out: Buffer[]): void {
    if (this.#stopped) return;
    this.#out = out;
    try {
      this.#splitter.push(chunk);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new GatewayError('GW_UPSTREAM_INVALID', cause.message, { cause });
    }
    this.#flushText();
  }

  finish(out: Buffer[]): void {
    if (this.#stopped) return;
    this.#out = out;
    this.#splitter.end();
    if (this.#stopped) return;
    // A stream without a stop was cut: its open parts have not ended, and a client may act on a call that seems to have.
    if (this.seen & Sight.STOP) {
      this.#arrive({ events: this.#decoder.end(), bytes: undefined });
      this.#letOut();
    }
    this.#flushText();
  }

  close(out: Buffer[]): void {
    this.#out = out;
    if (this.#keepBytes) this.#add(this.#codec.endFrames);
    else this.#encode([{ type: 'end' }]);
    this.#flushText();
  }

  failure(error: GatewayError): Buffer {
    const { id } = this.#exchange;
    const told = forClient(error, id);
    return toBuffer(this.#encoder.fail?.(told) ?? this.#codec.encodeError(told, id));
  }

  #frame(frame: Frame, start: number, end: number): void {
    if (this.#stopped) return;
    const events = this.#decode(frame);
    if (events === undefined) return;
    this.produced += tokensIn(end - start);
    for (const event of events) this.#note(event);
    if (this.#stopped) {
      const end = events.findIndex((event) => event.type === 'error' || event.type === 'end');
      this.#arrive({ events: events.slice(0, end), bytes: undefined });
      return;
    }
    this.#arrive({ events, bytes: this.#keepBytes ? this.#splitter.bytes.subarray(start, end) : undefined });
    if (this.seen & Sight.END) this.#letOut();
  }

  #arrive(group: Group): void {
    if (!this.#chain.active) this.#pass(group);
    else for (const ready of this.#tail.push(group)) this.#pass(ready);
  }

  /** The stream is over: first what the transforms held back, then its closing events. */
  #letOut(): void {
    const rest = this.#chain.flush();
    if (rest.length > 0) {
      this.#keepBytes = false;
      for (const event of rest) this.#add(this.#encoder.push(event));
    }
    for (const group of this.#tail.release()) this.#pass(group);
  }

  #pass({ events, bytes }: Group): void {
    if (!this.#keepBytes && !this.#chain.active) {
      // Nobody changes the events, and no bytes are kept: a translation is no more than this.
      for (const event of events) this.#add(this.#encoder.push(this.#renamed(event)));
      return;
    }
    if (this.#encode(events, bytes !== undefined) || bytes === undefined) return;
    this.#flushText();
    this.#out.push(bytes);
  }

  #decode(frame: Frame): readonly ChatEvent[] | undefined {
    try {
      return this.#decoder.push(frame);
    } catch {
      this.malformed++;
      return undefined;
    }
  }

  /** Runs events through the transforms and the encoder. Answers false where bytes may be kept and nothing was changed. */
  #encode(events: readonly ChatEvent[], mayKeep = false): boolean {
    const encoded: (string | Buffer)[] = [];
    let unchanged = mayKeep && this.#keepBytes;
    for (const event of events) {
      const after = this.#chain.push(event);
      if (after.length !== 1 || after[0] !== event) unchanged = false;
      // The encoder follows the stream even where its bytes are not used: its state must be right for the next change.
      for (const one of after) encoded.push(this.#encoder.push(this.#renamed(one)));
    }
    if (unchanged) return false;
    if (events.length > 0) this.#keepBytes = false;
    for (const piece of encoded) this.#add(piece);
    return true;
  }

  /** Text is gathered and turned into bytes once per chunk. */
  #add(piece: string | Buffer): void {
    if (typeof piece === 'string') {
      this.#text += piece;
      return;
    }
    this.#flushText();
    this.#out.push(piece);
  }

  #renamed(event: ChatEvent): ChatEvent {
    if (event.type !== 'start') return event;
    const start = this.#foreign ? identified(event, this.#exchange) : event;
    return this.#reports === undefined ? start : { ...start, model: this.#reports };
  }

  #flushText(): void {
    if (this.#text === '') return;
    this.#out.push(Buffer.from(this.#text));
    this.#text = '';
  }

  #note(event: ChatEvent): void {
    const { summary } = this;
    switch (event.type) {
      case 'start':
        summary.id = event.id;
        summary.model = event.model;
        if (event.usage !== undefined) summary.usage = event.usage;
        return;
      case 'part-start':
        if (event.part.type !== 'text' || event.part.text !== '') this.seen |= Sight.CONTENT;
        return;
      case 'part-delta':
        this.seen |= Sight.CONTENT;
        return;
      case 'stop':
        this.seen |= Sight.STOP;
        summary.stop = event.stop;
        return;
      case 'usage':
        summary.usage = event.usage;
        return;
      case 'error': {
        this.seen |= Sight.ERROR;
        this.#stopped = true;
        const { status, message, errorType, code } = event;
        summary.error = {
          status,
          message,
          ...(errorType === undefined ? {} : { type: errorType }),
          ...(code === undefined ? {} : { code }),
        };
        return;
      }
      case 'end':
        this.seen |= Sight.END;
        if (!(this.seen & Sight.STOP)) this.#stopped = true;
        return;
      default:
    }
  }
}
