/** Turns neutral events into the events of a streamed answer. */
import type {
  ChatEvent,
  ErrorEvent,
  EventEncoder,
  GatewayError,
  JsonObject,
  Part,
  PartDeltaEvent,
  PartStartEvent,
  StartEvent,
  Stop,
  StreamEncodeContext,
  Usage,
} from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { CallWriter } from './call-writer.ts';
import { isContent } from './content-encode.ts';
import { RESPONSES } from './dialect-id.ts';
import { encodeErrorFrame, errorFrame } from './error-event.ts';
import type { Place } from './item-writer.ts';
import { MessageWriter } from './message-writer.ts';
import { itemId } from './minted.ts';
import { OpaqueWriter } from './opaque-writer.ts';
import { ReasoningWriter } from './reasoning-writer.ts';
import { beginsItem, ownFields, refuseForeign } from './rest.ts';
import { endHead, headOf, unread } from './response-head.ts';
import { encodeStatus } from './status.ts';
import { Frames } from './stream-frames.ts';
import { FINAL } from './stream-notes.ts';

type SingleWriter = CallWriter | ReasoningWriter | OpaqueWriter;

/** A part while it is open: an item of its own, or content of a message. */
interface OpenPart {
  readonly writer: SingleWriter | MessageWriter;
  readonly content: number;
}

export class ResponsesEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  readonly #frames = new Frames();
  readonly #writers: (SingleWriter | MessageWriter)[] = [];
  readonly #parts = new Map<number, OpenPart>();
  #start: StartEvent | undefined;
  /** The members of the answer, as they were told at its start until they are told at its end. */
  #head: JsonObject = {};
  /** The message that the next text goes into. */
  #message: MessageWriter | undefined;
  #stop: Stop | undefined;
  #usage: Usage | undefined;
  #over = false;

  constructor(context: StreamEncodeContext) {
    this.#context = context;
  }

  push(event: ChatEvent): string {
    if (this.#over || event.type === 'ping') return '';
    switch (event.type) {
      case 'start':
        return this.#begin(event);
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'opaque':
        return event.dialect === RESPONSES && isObject(event.value) ? this.#frames.again(event.value) : '';
      case 'error':
        return this.#error(event);
      case 'end':
        return this.#end();
      default:
        if (event.candidate === 0) return this.#ofCandidate(event);
        this.#context.unsupported('n', 'there is one answer only in this dialect');
        return '';
    }
  }

  fail(error: GatewayError): string {
    this.#over = true;
    return encodeErrorFrame(error, this.#frames.next);
  }

  #ofCandidate(event: Extract<ChatEvent, { candidate: number }>): string {
    switch (event.type) {
      case 'part-start':
        return this.#lead() + this.#partStart(event);
      case 'part-delta':
        return this.#partDelta(event);
      case 'part-end':
        return this.#partEnd(event.index);
      case 'stop':
        this.#stop = event.stop;
        refuseForeign(event.stop.rest, 'output', this.#context);
        return '';
    }
  }

  #begin(event: StartEvent): string {
    if (this.#start !== undefined) return '';
    refuseForeign(event.rest, '', this.#context);
    this.#start = event;
    this.#usage = event.usage;
    // Where no name is set, the answer's own stands.
    const model = this.#context.model === '' ? event.model : this.#context.model;
    this.#head = headOf({ response: event, stop: undefined, usage: undefined }, model, this.#context);
    const json = JSON.stringify(this.#head);
    return this.#frames.response('response.created', json) + this.#frames.response('response.in_progress', json);
  }

  /** What must stand before the first part. */
  #lead(): string {
    return this.#start === undefined ? this.#begin({ type: 'start', id: this.#context.requestId, model: '' }) : '';
  }

  #partStart({ index, part }: PartStartEvent): string {
    const path = `output[${index}]`;
    if (isContent(part)) return this.#beginContent(index, part, path);
    const retired = this.#message?.retire() ?? '';
    this.#message = undefined;
    const writer = this.#writerOf(part, path);
    if (writer === undefined) return retired;
    this.#writers.push(writer);
    this.#parts.set(index, { writer, content: 0 });
    return retired + writer.begin();
  }

  #beginContent(index: number, part: Part, path: string): string {
    if (part.type !== 'text' && part.type !== 'refusal' && part.type !== 'opaque') {
      this.#context.unsupported(path, `an answer cannot have a part of the type ${part.type}`);
      return '';
    }
    let frames = '';
    if (this.#message === undefined || beginsItem(part.rest)) {
      frames += this.#message?.retire() ?? '';
      this.#message = new MessageWriter(this.#place('msg'), part, this.#context);
      this.#writers.push(this.#message);
      frames += this.#message.begin();
    }
    const [content, begun] = this.#message.beginContent(part, path);
    this.#parts.set(index, { writer: this.#message, content });
    return frames + begun;
  }

  #writerOf(part: Part, path: string): SingleWriter | undefined {
    switch (part.type) {
      case 'tool-call':
        refuseForeign(part.rest, path, this.#context);
        return new CallWriter(this.#place('fc'), part);
      case 'reasoning':
        refuseForeign(part.rest, path, this.#context);
        return new ReasoningWriter(this.#place('rs'), part);
      case 'opaque':
        if (part.dialect === RESPONSES) return new OpaqueWriter(this.#place('it'), part);
        this.#context.warn(
          path,
          `only ${part.dialect} has parts of the type ${JSON.stringify(part.value['type'] ?? 'unknown')}`,
        );
        return undefined;
      default:
        this.#context.unsupported(path, `an answer cannot have a part of the type ${part.type}`);
        return undefined;
    }
  }

  #place(prefix: string): Place {
    const index = this.#writers.length;
    return { frames: this.#frames, index, id: itemId(prefix, this.#start?.id ?? this.#context.requestId, index) };
  }

  #partDelta(event: PartDeltaEvent): string {
    const open = this.#parts.get(event.index);
    if (open === undefined) return '';
    return open.writer instanceof MessageWriter ? open.writer.add(open.content, event) : open.writer.add(event);
  }

  #partEnd(index: number): string {
    const open = this.#parts.get(index);
    this.#parts.delete(index);
    if (open === undefined) return '';
    return open.writer instanceof MessageWriter ? open.writer.end(open.content) : open.writer.close();
  }

  #error({ message, errorType, code }: ErrorEvent): string {
    this.#over = true;
    return errorFrame(
      { message, type: errorType ?? 'server_error', param: null, code: code ?? null },
      this.#frames.next,
    );
  }

  #end(): string {
    const frames = this.#lead() + this.#closeAll();
    this.#over = true;
    const stop: Stop = this.#stop ?? { reason: 'other' };
    const head = this.#head;
    endHead(head, stop, this.#usage);
    const final = ownFields(stop.rest)[FINAL];
    const type = head['status'] === 'incomplete' ? 'response.incomplete' : 'response.completed';
    if (isObject(final)) Object.assign(head, unread(final));
    if (isObject(final) && final['service_tier'] !== undefined) head['service_tier'] = final['service_tier'];
    head['output'] = this.#writers.map(({ item }) => item);
    return frames + this.#frames.response(type, JSON.stringify(head));
  }

  #closeAll(): string {
    let frames = '';
    for (const index of this.#parts.keys()) frames += this.#partEnd(index);
    const { status } = encodeStatus(this.#stop);
    if (this.#message !== undefined) frames += this.#message.close(status === 'incomplete' ? status : 'completed');
    return frames;
  }
}
