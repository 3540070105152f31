/** Reads the lines of a streamed answer into neutral events. */
import {
  GatewayError,
  type ChatEvent,
  type Delta,
  type EventDecoder,
  type JsonObject,
  type Part,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { decodeCalls } from './messages-reader.ts';
import { CHAT } from './names.ts';
import { isMissing, Place } from './reading.ts';
import { callId, decodeEnvelope } from './response.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

const at = new Place('reply');
const message = at.at('message');

/** Thoughts and text come in pieces; a call comes whole. */
type Kind = 'reasoning' | 'text';

export class StreamDecoder implements EventDecoder<ChatEvent> {
  #started = false;
  #open: Kind | undefined;
  #index = -1;
  #hasCalls = false;

  push(frame: Frame): readonly ChatEvent[] {
    const line = parse(frame);
    const error = errorIn(line);
    if (error !== undefined) return [errorEvent(error)];
    const events: ChatEvent[] = [];
    if (!this.#started) {
      this.#started = true;
      events.push({ type: 'start', ...decodeEnvelope(line, at) });
    }
    if (!isMissing(line['message'])) this.#message(message.object(line['message']), events);
    if (line['done'] === true) this.#done(line, events);
    return events;
  }

  end(): readonly ChatEvent[] {
    return this.#close();
  }

  #message({ thinking, content, tool_calls: calls }: JsonObject, events: ChatEvent[]): void {
    this.#piece('reasoning', isMissing(thinking) ? '' : message.at('thinking').string(thinking), events);
    this.#piece('text', isMissing(content) ? '' : message.at('content').string(content), events);
    for (const call of decodeCalls(calls, message.at('tool_calls'), callId)) {
      events.push(...this.#close());
      const position = { candidate: 0, index: ++this.#index };
      events.push({ type: 'part-start', ...position, part: { ...call, arguments: '' } });
      events.push({ type: 'part-delta', ...position, delta: { kind: 'arguments', text: call.arguments } });
      events.push({ type: 'part-end', ...position });
      this.#hasCalls = true;
    }
  }

  #piece(kind: Kind, text: string, events: ChatEvent[]): void {
    if (text === '') return;
    if (this.#open !== kind) {
      events.push(...this.#close());
      this.#open = kind;
      const part: Part = kind === 'text' ? { type: 'text', text: '' } : { type: 'reasoning', text: '', origin: CHAT };
      events.push({ type: 'part-start', candidate: 0, index: ++this.#index, part });
    }
    const delta: Delta = { kind, text };
    events.push({ type: 'part-delta', candidate: 0, index: this.#index, delta });
  }

  #close(): ChatEvent[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    return [{ type: 'part-end', candidate: 0, index: this.#index }];
  }

  /** The last line tells why the model stopped and what it used; nothing follows it. */
  #done(line: JsonObject, events: ChatEvent[]): void {
    events.push(...this.#close());
    events.push({ type: 'stop', candidate: 0, stop: decodeStop(line['done_reason'], this.#hasCalls) });
    const usage = decodeUsage(line);
    if (usage !== undefined) events.push({ type: 'usage', usage });
    events.push({ type: 'end' });
  }
}

function parse(frame: Frame): JsonObject {
  try {
    return at.object(frame.json());
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const text = `The provider sent a line that is not JSON: ${cause.message}`;
    throw new GatewayError('GW_UPSTREAM_INVALID', text, { cause });
  }
}

function errorEvent({ status, message: text, code }: NonNullable<ReturnType<typeof errorIn>>): ChatEvent {
  return { type: 'error', status, message: text, ...(code === undefined ? {} : { code }) };
}
