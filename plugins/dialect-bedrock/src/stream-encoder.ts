/** Writes neutral events as the messages of a streamed answer. */
import type {
  ChatEvent,
  EventEncoder,
  JsonObject,
  Part,
  StartEvent,
  Stop,
  StreamEncodeContext,
  Usage,
} from '@gatewright/core';
import { BlockQueue } from './block-queue.ts';
import { encodeMessage } from './message.ts';
import { CONVERSE } from './names.ts';
import { isObject } from './reading.ts';
import { encodeTier } from './response.ts';
import { encodeReason } from './stop.ts';
import { encodeException } from './stream-error.ts';
import { encodeUsage } from './usage.ts';
import { Writing } from '@gatewright/core/wire';
import { keeper } from './rest.ts';

const NOTHING = '';

/** What the metadata at the end of a stream may have besides the usage. */
const METADATA = ['metrics', 'trace', 'performanceConfig'] as const;

export class StreamEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  #at: Writing;
  #blocks: BlockQueue;
  /** Types of the parts so far: the stop may follow from them. */
  readonly #types = new Set<Part['type']>();
  #saidLogprobs = false;
  #stopped = false;
  #usage: Usage | undefined;
  #metadata: JsonObject = {};

  constructor(context: StreamEncodeContext) {
    this.#context = context;
    this.#at = Writing.to('client', undefined, context, keeper);
    this.#blocks = new BlockQueue(this.#at.at('content'));
  }

  push(event: ChatEvent): string | Buffer {
    if ('candidate' in event && event.candidate !== 0) {
      this.#at.at('choices').unsupported('An answer of this dialect is one message.');
      return NOTHING;
    }
    switch (event.type) {
      case 'start':
        return this.#start(event);
      case 'part-start':
        this.#types.add(event.part.type);
        this.#blocks.start(event.index, event.part);
        return this.#blocksSoFar();
      case 'part-delta':
        if (event.logprobs !== undefined) this.#refuseLogprobs();
        this.#blocks.delta(event);
        return this.#blocksSoFar();
      case 'part-end':
        this.#blocks.end(event.index);
        return this.#blocksSoFar();
      case 'stop':
        return this.#stop(event.stop);
      case 'usage':
        this.#usage = event.usage;
        this.#metadata = this.#at.complete(this.#metadata, event.rest);
        return NOTHING;
      case 'opaque':
        return this.#opaque(event);
      case 'error':
        return encodeException(event.errorType, event.message, event.status);
      case 'end':
        return this.#end();
      case 'ping':
        return NOTHING;
    }
  }

  /** Every piece of text may have them: that is said once. */
  #refuseLogprobs(): void {
    if (!this.#saidLogprobs) this.#at.at('logprobs').unsupported('This dialect has no log probabilities.');
    this.#saidLogprobs = true;
  }

  #blocksSoFar(): string | Buffer {
    const messages = this.#blocks.take();
    if (messages.length === 0) return NOTHING;
    return messages.length === 1 ? (messages[0] as Buffer) : Buffer.concat(messages);
  }

  #start(event: StartEvent): Buffer {
    const { rest, usage, serviceTier } = event;
    this.#at = Writing.to('client', rest, this.#context, keeper);
    this.#blocks = new BlockQueue(this.#at.at('content'));
    this.#usage = usage;
    const tier = encodeTier(serviceTier, this.#at.own);
    if (tier !== undefined) this.#metadata['serviceTier'] = tier;
    const known = this.#at.complete({ role: 'assistant' }, rest);
    // A whole answer that is streamed has in its rest what a stream tells at its end.
    for (const name of METADATA) {
      if (known[name] !== undefined) this.#metadata[name] = known[name];
      delete known[name];
    }
    return encodeMessage('messageStart', known);
  }

  #stop(stop: Stop): Buffer {
    this.#stopped = true;
    this.#blocks.close();
    const payload = this.#at.complete({ stopReason: encodeReason(stop, this.#types) }, stop.rest);
    return Buffer.concat([...this.#blocks.take(), encodeMessage('messageStop', payload)]);
  }

  #opaque(event: Extract<ChatEvent, { type: 'opaque' }>): string | Buffer {
    if (event.dialect !== CONVERSE || !isObject(event.value)) return NOTHING;
    if (event.event !== 'metadata') return encodeMessage(event.event ?? '', event.value);
    this.#metadata = { ...this.#metadata, ...event.value };
    return NOTHING;
  }

  /** Usage may come before the stop or after it: the metadata wait for the end. */
  #end(): Buffer {
    const stopped = this.#stopped ? [] : [this.#stop({ reason: 'stop' })];
    const metrics = this.#at.own ? {} : { metrics: { latencyMs: 0 } };
    const payload = { usage: encodeUsage(this.#usage), ...metrics, ...this.#metadata };
    return Buffer.concat([...stopped, encodeMessage('metadata', payload)]);
  }
}
