/** Writes neutral events as the lines of a streamed answer. */
import type {
  ChatEvent,
  Delta,
  EventEncoder,
  JsonObject,
  Part,
  PartStartEvent,
  Stop,
  StreamEncodeContext,
  Usage,
} from '@gatewright/core';
import { quoted } from '@gatewright/core/wire';
import { encodeCall, UNSIGNED } from './messages-writer.ts';
import { kept } from './rest.ts';
import { encodeEnvelope } from './response.ts';
import { encodeStop } from './stop.ts';
import { encodeUsage } from './usage.ts';

interface OpenCall {
  readonly id: string;
  readonly name: string;
  arguments: string;
}

export class StreamEncoder implements EventEncoder<ChatEvent> {
  readonly #context: StreamEncodeContext;
  #envelope: JsonObject = {};
  /** What stands before the text in a line of text. */
  #before = beforeText({});
  /** Calls are written whole: their arguments are objects. */
  readonly #calls = new Map<number, OpenCall>();
  #stop: Stop | undefined;
  #usage: Usage | undefined;

  constructor(context: StreamEncodeContext) {
    this.#context = context;
  }

  push(event: ChatEvent): string {
    switch (event.type) {
      case 'start':
        this.#usage = event.usage;
        this.#envelope = { ...encodeEnvelope(event, this.#context.model), ...kept(event.rest, '', this.#context) };
        this.#before = beforeText(this.#envelope);
        return '';
      case 'part-start':
        return event.candidate === 0 ? this.#partStart(event) : this.#otherAnswer();
      case 'part-delta':
        if (event.logprobs !== undefined) this.#context.warn('logprobs', 'This dialect has none.');
        return event.candidate === 0 ? this.#delta(event.index, event.delta) : '';
      case 'part-end':
        return event.candidate === 0 ? this.#partEnd(event.index) : '';
      case 'stop':
        if (event.candidate === 0) this.#stop = event.stop;
        return '';
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'error':
        return line({ error: event.message });
      case 'end':
        return this.#end();
      case 'opaque':
      case 'ping':
        return '';
    }
  }

  #otherAnswer(): string {
    this.#context.warn('choices', 'This dialect has one answer.');
    return '';
  }

  #partStart({ index, part }: PartStartEvent): string {
    if (part.type === 'tool-call') {
      this.#calls.set(index, { id: part.id, name: part.name, arguments: part.arguments });
      return '';
    }
    if (part.type === 'opaque') this.#context.warn('content', `Only the dialect ${part.dialect} has this part.`);
    if (part.type === 'reasoning' && (part.signature ?? part.redacted) !== undefined)
      this.#context.warn('thinking', UNSIGNED);
    return this.#said(textOf(part));
  }

  #delta(index: number, delta: Delta): string {
    switch (delta.kind) {
      case 'text':
      case 'refusal':
        return this.#text(delta.text);
      case 'reasoning':
        return this.#said({ content: '', thinking: delta.text });
      case 'arguments': {
        const call = this.#calls.get(index);
        if (call !== undefined) call.arguments += delta.text;
        return '';
      }
      case 'audio':
        return this.#said({ content: delta.transcript ?? '' });
      case 'citation':
        this.#context.warn('citations', 'This dialect has no citations.');
        return '';
      case 'signature':
        this.#context.warn('thinking', UNSIGNED);
        return '';
      case 'opaque':
        return '';
    }
  }

  #partEnd(index: number): string {
    const call = this.#calls.get(index);
    if (call === undefined) return '';
    this.#calls.delete(index);
    const written = encodeCall(call.id, call.name, call.arguments, `tool_calls.${index}`, this.#context);
    return this.#line({ role: 'assistant', content: '', tool_calls: [written] });
  }

  /** A piece of text, which is what most lines are: the line is written around it. */
  #text(text: string): string {
    return text === '' ? '' : `${this.#before}${quoted(text)}},"done":false}\n`;
  }

  #said(fields: JsonObject): string {
    if ((fields['content'] ?? '') === '' && (fields['thinking'] ?? '') === '') return '';
    return this.#line({ role: 'assistant', ...fields });
  }

  #line(message: JsonObject): string {
    return line({ ...this.#envelope, message, done: false });
  }

  #end(): string {
    const open = [...this.#calls.keys()].map((index) => this.#partEnd(index)).join('');
    const last = { done: true, done_reason: encodeStop(this.#stop), ...encodeUsage(this.#usage) };
    return open + line({ ...this.#envelope, message: { role: 'assistant', content: '' }, ...last });
  }
}

function beforeText(envelope: JsonObject): string {
  const members = JSON.stringify(envelope).slice(0, -1);
  return `${members}${members === '{' ? '' : ','}"message":{"role":"assistant","content":`;
}

function textOf(part: Part): JsonObject {
  if (part.type === 'text' || part.type === 'refusal') return { content: part.text };
  return part.type === 'reasoning' ? { content: '', thinking: part.text } : {};
}

/** JSON has no line ends in it: they are escaped. */
export function line(value: JsonObject): string {
  return `${JSON.stringify(value)}\n`;
}
