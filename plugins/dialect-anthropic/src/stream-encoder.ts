/** Writes neutral events as the frames of a streamed answer. */
import type {
  ChatEvent,
  ErrorEvent,
  EventEncoder,
  Part,
  StartEvent,
  Stop,
  StreamEncodeContext,
  Usage,
} from '@gatewright/core';
import { BlockQueue } from './block-queue.ts';
import { errorBody } from './error.ts';
import { frame, MESSAGE_STOP, PING } from './frames.ts';
import { MESSAGES } from './names.ts';
import { isObject } from './reading.ts';
import { encodeEnvelope } from './response.ts';
import { hint, keeper } from './rest.ts';
import { encodeReason } from './stop.ts';
import { encodeFinalUsage } from './usage.ts';
import { Writing } from '@gatewright/core/wire';

export class StreamEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  #at: Writing;
  #blocks: BlockQueue;
  /** Types of the parts so far: the stop may follow from them. */
  readonly #types = new Set<Part['type']>();
  #saidLogprobs = false;
  #stop: Stop | undefined;
  #usage: Usage | undefined;

  constructor(context: StreamEncodeContext) {
    this.#context = context;
    this.#at = Writing.to('client', undefined, context, keeper);
    this.#blocks = new BlockQueue(this.#at.at('content'));
  }

  push(event: ChatEvent): string {
    if ('candidate' in event && event.candidate !== 0) {
      this.#at.at('choices').unsupported('A message of this dialect is one answer.');
      return '';
    }
    switch (event.type) {
      case 'start':
        return this.#start(event);
      case 'part-start':
        this.#types.add(event.part.type);
        this.#blocks.start(event.index, event.part);
        return this.#blocks.take();
      case 'part-delta':
        if (event.logprobs !== undefined) this.#refuseLogprobs();
        this.#blocks.delta(event);
        return this.#blocks.take();
      case 'part-end':
        this.#blocks.end(event.index);
        return this.#blocks.take();
      case 'stop':
        this.#stop = event.stop;
        return '';
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'ping':
        return PING;
      case 'opaque':
        return event.dialect === MESSAGES && isObject(event.value) ? frame(event.event ?? 'message', event.value) : '';
      case 'error':
        return this.#error(event);
      case 'end':
        return this.#end();
    }
  }

  /** Every piece of text may have them: that is said once. */
  #refuseLogprobs(): void {
    if (!this.#saidLogprobs) this.#at.at('logprobs').unsupported('This dialect has no log probabilities.');
    this.#saidLogprobs = true;
  }

  #start(event: StartEvent): string {
    this.#at = Writing.to('client', event.rest, this.#context, keeper);
    this.#blocks = new BlockQueue(this.#at.at('content'));
    this.#usage = event.usage;
    const message = this.#at.complete(encodeEnvelope(event, this.#at), event.rest);
    return frame('message_start', { type: 'message_start', message });
  }

  /** Usage may come before the stop or after it, and this dialect tells both at once: so both wait for the end. */
  #end(): string {
    const stop = this.#stop;
    const beside = hint(stop?.rest, '$event');
    const known = { stop_reason: encodeReason(stop, this.#types), stop_sequence: stop?.sequence ?? null };
    const data = {
      type: 'message_delta',
      delta: this.#at.complete(known, stop?.rest),
      usage: encodeFinalUsage(this.#usage),
      ...(isObject(beside) ? beside : {}),
    };
    this.#blocks.close();
    return this.#blocks.take() + frame('message_delta', data) + MESSAGE_STOP;
  }

  #error({ errorType, message, code }: ErrorEvent): string {
    return frame('error', errorBody(errorType, message, this.#context.requestId, code));
  }
}
