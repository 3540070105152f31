/** What a streaming client is told, event by event: through the transforms and its encoder, or in the frame's own bytes. */
import type { ChatEvent } from '../../chat/event.ts';
import type { EventEncoder, StreamCodec } from '../../dialect.ts';
import type { GatewayError } from '../../errors.ts';
import { encodeContext } from '../attempts/encode-context.ts';
import { EventChain } from './event-chain.ts';
import { forClient } from '../failure.ts';
import { identified } from '../replies/identified.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { toBuffer } from './lens.ts';
import type { ReplySource } from '../replies/reply-source.ts';
import { StreamTail, type Group } from './stream-tail.ts';

/** Where the events of a stream go. */
export interface StreamWriter {
  /** Whether a frame whose events nobody changes may go on in its own bytes. */
  readonly keepsBytes: boolean;
  /** Writes to `out` from now on. */
  begin(out: Buffer[]): void;
  /** Takes the events of a frame, and its bytes where they may go on. */
  push(group: Group): void;
  /** Takes an event that has no bytes, and is no start. */
  one(event: ChatEvent): void;
  /** The stream is over: first what the transforms held back, then its closing events. */
  letOut(): void;
  /** Adds the end marker that the provider forgot. */
  close(): void;
  /** The frames that end the stream with this error. */
  failure(error: GatewayError): Buffer;
  /** Text is gathered and turned into bytes once per chunk: here. */
  flush(): void;
}

export class EventWriter implements StreamWriter {
  readonly #exchange: LiveExchange;
  readonly #codec: StreamCodec;
  readonly #encoder: EventEncoder<ChatEvent>;
  readonly #chain: EventChain;
  readonly #tail = new StreamTail();
  readonly #reports: string | undefined;
  /** The provider's dialect is not the client's. */
  readonly #foreign: boolean;
  /** Frames are forwarded as they came. Ends with the first change: behind it only the encoder knows what the client was told. */
  #keepsBytes: boolean;
  #out: Buffer[] = [];
  #text = '';
  #started = false;

  /** Runs the factories of the transforms. Throws a GatewayError that names the plugin. */
  constructor(exchange: LiveExchange, client: StreamCodec, source: ReplySource) {
    this.#exchange = exchange;
    this.#codec = client;
    this.#reports = source.reports;
    this.#foreign = exchange.dialect !== source.dialect;
    this.#keepsBytes = !this.#foreign && !source.usageInjected && source.reports === undefined;
    const usage = exchange.request().streamUsage === true;
    const context = encodeContext(exchange, source.reports ?? '', 'drop');
    this.#encoder = (client as StreamCodec<'chat'>).encoder({ ...context, usage, requestId: exchange.id });
    this.#chain = new EventChain(exchange);
  }

  get keepsBytes(): boolean {
    return this.#keepsBytes;
  }

  begin(out: Buffer[]): void {
    this.#out = out;
  }

  /** Another target goes on with the answer: its frames are not the client's, and the client has heard of a start. */
  takeOver(): void {
    this.#keepsBytes = false;
    this.#started = true;
  }

  push(group: Group): void {
    if (this.#started) this.#arrive({ ...group, events: group.events.filter(({ type }) => type !== 'start') });
    else this.#arrive(group);
  }

  one(event: ChatEvent): void {
    if (this.#chain.active || this.#keepsBytes) this.#arrive({ events: [event], bytes: undefined });
    else this.#add(this.#encoder.push(event));
  }

  #arrive(group: Group): void {
    if (!this.#chain.active) this.#pass(group);
    else for (const ready of this.#tail.push(group)) this.#pass(ready);
  }

  letOut(): void {
    const rest = this.#chain.flush();
    if (rest.length > 0) {
      this.#keepsBytes = false;
      for (const event of rest) this.#add(this.#encoder.push(event));
    }
    for (const group of this.#tail.release()) this.#pass(group);
  }

  close(): void {
    if (this.#keepsBytes) this.#add(this.#codec.endFrames);
    else this.#encode([{ type: 'end' }]);
    this.flush();
  }

  failure(error: GatewayError): Buffer {
    const { id } = this.#exchange;
    const told = forClient(error, id);
    return toBuffer(this.#encoder.fail?.(told) ?? this.#codec.encodeError(told, id));
  }

  flush(): void {
    if (this.#text === '') return;
    this.#out.push(Buffer.from(this.#text));
    this.#text = '';
  }

  #pass({ events, bytes }: Group): void {
    if (!this.#keepsBytes && !this.#chain.active) {
      // Nobody changes the events, and no bytes are kept: a translation is no more than this.
      for (const event of events) this.#add(this.#encoded(event));
      return;
    }
    if (this.#encode(events, bytes !== undefined) || bytes === undefined) return;
    this.flush();
    this.#out.push(bytes);
  }

  /** Runs events through the transforms and the encoder. Answers false where bytes may be kept and nothing was changed. */
  #encode(events: readonly ChatEvent[], mayKeep = false): boolean {
    const encoded: (string | Buffer)[] = [];
    let unchanged = mayKeep && this.#keepsBytes;
    for (const event of events) {
      const after = this.#chain.push(event);
      if (after.length !== 1 || after[0] !== event) unchanged = false;
      // The encoder follows the stream even where its bytes are not used: its state must be right for the next change.
      for (const one of after) encoded.push(this.#encoded(one));
    }
    if (unchanged) return false;
    if (events.length > 0) this.#keepsBytes = false;
    for (const piece of encoded) this.#add(piece);
    return true;
  }

  #encoded(event: ChatEvent): string | Buffer {
    if (event.type !== 'start') return this.#encoder.push(event);
    const start = this.#foreign ? identified(event, this.#exchange) : event;
    return this.#encoder.push(this.#reports === undefined ? start : { ...start, model: this.#reports });
  }

  #add(piece: string | Buffer): void {
    if (typeof piece === 'string') {
      this.#text += piece;
      return;
    }
    this.flush();
    this.#out.push(piece);
  }
}
