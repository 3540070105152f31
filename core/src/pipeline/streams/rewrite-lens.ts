/** The tier *rewrite*: frames are decoded, and their events written for the client. */
import type { ChatEvent } from '../../chat/event.ts';
import { Sight, type EventDecoder, type FrameSplitter, type StreamCodec, type Summary } from '../../dialect.ts';
import { GatewayError, isGatewayError } from '../../errors.ts';
import type { Frame, FrameListener, FramePasser } from '../../sse/frame.ts';
import { SseSplitter } from '../../sse/splitter.ts';
import type { Delivered } from './delivered.ts';
import type { StreamWriter } from './event-writer.ts';
import { tokensIn, type Lens } from './lens.ts';
import type { ReplySource } from '../replies/reply-source.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What a lens may be given besides its writer, where the stream may be rescued or is a rescue. */
export interface Continuity {
  /** Is told all that goes to the client. */
  readonly delivered?: Delivered;
  /** Wraps the provider's decoder, so that its answer goes on where another's broke off. */
  readonly splice?: (decoder: EventDecoder<ChatEvent>) => EventDecoder<ChatEvent>;
}

export class RewriteLens implements Lens {
  readonly #writer: StreamWriter;
  readonly #decoder: EventDecoder<ChatEvent>;
  readonly #delivered: Delivered | undefined;
  readonly #splitter: FrameSplitter;
  #stopped = false;
  readonly summary: Writable<Summary> = {};
  seen: number = Sight.NOTHING;
  malformed = 0;
  produced = 0;
  told = 0;

  constructor(writer: StreamWriter, source: ReplySource, { delivered, splice }: Continuity = {}) {
    this.#writer = writer;
    this.#delivered = delivered;
    const provider = source.dialect.codec.stream as StreamCodec<'chat'>;
    this.#decoder = splice?.(provider.decoder()) ?? provider.decoder();
    const listener: FrameListener = (frame, start, end) => this.#frame(frame, start, end);
    const passer: FramePasser = (ascii, at) => this.#pass(ascii, at);
    this.#splitter =
      provider.splitter?.(listener, source.maxEvent) ?? new SseSplitter(listener, source.maxEvent, passer);
  }

  push(chunk: Buffer, out: Buffer[]): void {
    if (this.#stopped) return;
    this.#writer.begin(out);
    try {
      this.#splitter.push(chunk);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new GatewayError('GW_UPSTREAM_INVALID', cause.message, { cause });
    }
    this.#writer.flush();
  }

  finish(out: Buffer[]): void {
    if (this.#stopped) return;
    this.#writer.begin(out);
    this.#splitter.end();
    if (this.#stopped) return;
    // A stream without a stop was cut: its open parts have not ended, and a client may act on a call that seems to have.
    if (this.seen & Sight.STOP) {
      this.#writer.push({ events: this.#decoder.end(), bytes: undefined });
      this.#writer.letOut();
    }
    this.#writer.flush();
  }

  close(out: Buffer[]): void {
    this.#writer.begin(out);
    this.#writer.close();
  }

  failure(error: GatewayError): Buffer {
    return this.#writer.failure(error);
  }

  #pass(ascii: string, at: number): number {
    const decoder = this.#decoder;
    const end = this.#stopped ? -1 : (decoder.passes?.(ascii, at) ?? -1);
    const event = decoder.passing;
    if (end < 0 || event === undefined) return -1;
    this.produced += tokensIn(end - at);
    this.told++;
    this.#note(event);
    const writer = this.#writer;
    if (this.#delivered === undefined && !writer.keepsBytes) writer.one(event);
    else this.#write([event], writer.keepsBytes ? this.#splitter.bytes.subarray(at, end) : undefined);
    return end;
  }

  #frame(frame: Frame, start: number, end: number): void {
    if (this.#stopped) return;
    const writer = this.#writer;
    const events = this.#decode(frame);
    if (events === undefined) return;
    const [first] = events;
    if (first?.type !== 'ping') this.produced += tokensIn(end - start);
    if (first !== undefined && first.type !== 'ping') this.told++;
    for (const event of events) this.#note(event);
    if (this.#stopped) {
      const last = events.findIndex((event) => event.type === 'error' || event.type === 'end');
      this.#write(events.slice(0, last), undefined);
      return;
    }
    this.#write(events, writer.keepsBytes ? this.#splitter.bytes.subarray(start, end) : undefined);
    if (this.seen & Sight.END) writer.letOut();
  }

  #write(events: readonly ChatEvent[], bytes: Buffer | undefined): void {
    this.#delivered?.note(events);
    this.#writer.push({ events, bytes });
  }

  #decode(frame: Frame): readonly ChatEvent[] | undefined {
    try {
      return this.#decoder.push(frame);
    } catch (error) {
      // Another answer than the one that broke off is no frame to leave out.
      if (isGatewayError(error) && error.code === 'GW_UPSTREAM_DIVERGED') throw error;
      this.malformed++;
      return undefined;
    }
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
