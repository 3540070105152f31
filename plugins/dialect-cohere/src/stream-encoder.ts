/** Writes neutral events as the frames of a streamed answer. */
import type { ChatEvent, EventEncoder, Part, StartEvent, Stop, StreamEncodeContext, Usage } from '@gatewright/core';
import { DONE, frame } from './frames.ts';
import { isOwn } from './names.ts';
import { PieceQueue } from './piece-queue.ts';
import { isObject } from './reading.ts';
import { compact, hint, keeper } from './rest.ts';
import { encodeReason } from './stop.ts';
import { encodeFailure } from './stream-error.ts';
import { encodeUsage } from './usage.ts';
import { Writing } from '@gatewright/core/wire';

/** The message as it begins. */
const EMPTY = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };

export class StreamEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  #at: Writing;
  #parts: PieceQueue;
  /** Types of the parts so far: the stop may follow from them. */
  readonly #types = new Set<Part['type']>();
  #stop: Stop | undefined;
  #usage: Usage | undefined;

  constructor(context: StreamEncodeContext) {
    this.#context = context;
    this.#at = Writing.to('client', undefined, context, keeper);
    this.#parts = new PieceQueue(this.#at.at('content'));
  }

  push(event: ChatEvent): string {
    if ('candidate' in event && event.candidate !== 0) {
      this.#at.at('choices').unsupported('An answer of this dialect is one message.');
      return '';
    }
    switch (event.type) {
      case 'start':
        return this.#start(event);
      case 'part-start':
        this.#types.add(event.part.type);
        this.#parts.start(event.index, event.part);
        return this.#parts.take();
      case 'part-delta':
        this.#parts.delta(event);
        return this.#parts.take();
      case 'part-end':
        this.#parts.end(event.index);
        return this.#parts.take();
      case 'stop':
        this.#stop = event.stop;
        return '';
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'opaque':
        return isOwn(event.dialect) && isObject(event.value) ? frame(event.event ?? '', event.value) : '';
      case 'error':
        return encodeFailure(event.message);
      case 'end':
        return this.#end();
      case 'ping':
        return '';
    }
  }

  #start(event: StartEvent): string {
    const { rest, usage, id } = event;
    this.#at = Writing.to('client', rest, this.#context, keeper);
    this.#parts = new PieceQueue(this.#at.at('content'));
    this.#usage = usage;
    const message = hint(rest, '$message') ?? EMPTY;
    return frame('message-start', this.#at.complete({ id, type: 'message-start', delta: { message } }, rest));
  }

  /** Usage may come before the stop or after it, and this dialect tells both at once: so both wait for the end. */
  #end(): string {
    const stop = this.#stop;
    const usage = this.#at.own && this.#usage === undefined ? undefined : encodeUsage(this.#usage);
    const delta = this.#at.complete(compact({ finish_reason: encodeReason(stop, this.#types), usage }), stop?.rest);
    const beside = hint(stop?.rest, '$event');
    const data = { type: 'message-end', delta, ...(isObject(beside) ? beside : {}) };
    this.#parts.close();
    return this.#parts.take() + frame('message-end', data) + DONE;
  }
}
