/** The tier *observe*: the provider's own buffers go on, and the gateway reads just enough to know what they say. */
import { Sight, type FrameSplitter, type StreamCodec, type StreamObserver, type Summary } from '../../dialect.ts';
import { GatewayError } from '../../errors.ts';
import type { Frame, FrameListener, FramePasser } from '../../sse/frame.ts';
import { SseSplitter } from '../../sse/splitter.ts';
import { forClient } from '../failure.ts';
import type { LiveExchange } from '../live-exchange.ts';
import { tokensIn, toBuffer, type Lens } from './lens.ts';
import type { ReplySource } from '../replies/reply-source.ts';

export class ObserveLens implements Lens {
  readonly #codec: StreamCodec;
  readonly #observer: StreamObserver;
  readonly #splitter: FrameSplitter;
  readonly #id: string;
  /** Pieces of a frame that has not ended, in the buffers they came in. */
  #held: Buffer[] = [];
  /** Changes to the bytes that the splitter shows at the moment: cut from `start` to `end`, put `text` there. */
  #edits: { start: number; end: number; text: string }[] = [];
  /** Nothing more is forwarded: an error, or an end that is none. */
  #stopped = false;
  seen: number = Sight.NOTHING;
  malformed = 0;
  produced = 0;
  told = 0;

  constructor(exchange: LiveExchange, codec: StreamCodec, source: ReplySource) {
    this.#codec = codec;
    this.#id = exchange.id;
    const options = { dropUsage: source.usageInjected };
    this.#observer = codec.observer(source.reports === undefined ? options : { ...options, model: source.reports });
    const listener: FrameListener = (frame, start, end) => this.#see(frame, start, end);
    const passer: FramePasser = (ascii, at) => this.#pass(ascii, at);
    this.#splitter = codec.splitter?.(listener, source.maxEvent) ?? new SseSplitter(listener, source.maxEvent, passer);
  }

  get summary(): Summary {
    return this.#observer.summary;
  }

  push(chunk: Buffer, out: Buffer[]): void {
    if (this.#stopped) return;
    const before = this.#splitter.pending;
    const done = this.#split(chunk);
    if (done === 0) {
      this.#held.push(chunk);
      return;
    }
    if (this.#edits.length > 0) this.#pushEdited(done, out);
    else {
      for (const piece of this.#held) out.push(piece);
      out.push(done - before === chunk.length ? chunk : chunk.subarray(0, done - before));
    }
    this.#held = done - before === chunk.length ? [] : [chunk.subarray(done - before)];
  }

  finish(out: Buffer[]): void {
    if (this.#stopped || !this.#splitter.end()) return;
    const edited = this.#edits.length > 0;
    if (edited) this.#pushEdited(this.#splitter.bytes.length, out);
    else out.push(...this.#held);
    // The last frame came without its blank line: the client's parser needs one.
    if (!edited && this.#codec.splitter === undefined) out.push(Buffer.from('\n\n'));
    this.#held = [];
  }

  close(out: Buffer[]): void {
    if (this.#codec.endFrames.length > 0) out.push(toBuffer(this.#codec.endFrames));
  }

  failure(error: GatewayError): Buffer {
    const told = forClient(error, this.#id);
    return toBuffer(this.#observer.fail?.(told) ?? this.#codec.encodeError(told, this.#id));
  }

  #split(chunk: Buffer): number {
    try {
      return this.#splitter.push(chunk);
    } catch (cause) {
      throw new GatewayError('GW_UPSTREAM_INVALID', (cause as Error).message, { cause });
    }
  }

  #pass(ascii: string, at: number): number {
    const end = this.#stopped ? -1 : (this.#observer.passes?.(ascii, at) ?? -1);
    if (end < 0) return -1;
    this.produced += tokensIn(end - at);
    this.told++;
    return end;
  }

  #see(frame: Frame, start: number, end: number): void {
    if (this.#stopped) return;
    const sight = this.#observer.see(frame);
    this.seen |= sight;
    if (!(sight & Sight.PING)) {
      this.produced += tokensIn(end - start);
      this.told++;
    }
    if (sight & Sight.MALFORMED) {
      this.malformed++;
      this.#edits.push({ start, end, text: '' });
    } else if (sight & Sight.ERROR || (sight & Sight.END && !(this.seen & Sight.STOP))) {
      this.#stopped = true;
      this.#edits.push({ start, end: Number.POSITIVE_INFINITY, text: '' });
    } else if (sight & Sight.DROP) this.#edits.push({ start, end, text: '' });
    else if (sight & Sight.REPLACE) this.#edits.push({ start, end, text: frameText(frame.event, frame.replacement) });
  }

  #pushEdited(done: number, out: Buffer[]): void {
    const { bytes } = this.#splitter;
    let from = 0;
    for (const edit of this.#edits) {
      if (edit.start > from) out.push(bytes.subarray(from, edit.start));
      if (edit.text !== '') out.push(Buffer.from(edit.text));
      from = Math.min(edit.end, done);
    }
    if (from < done) out.push(bytes.subarray(from, done));
    this.#edits = [];
  }
}

function frameText(event: string, data: string): string {
  const lines = data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data;
  return event === '' ? `data: ${lines}\n\n` : `event: ${event}\ndata: ${lines}\n\n`;
}
