/** Reads the messages of a streamed answer into neutral events. */
import { GatewayError, type ChatEvent, type ErrorEvent, type EventDecoder, type JsonObject } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { CONVERSE } from './names.ts';
import { OpenBlock } from './open-block.ts';
import { isObject, Reading } from './reading.ts';
import { omit, restFields, restFrom } from './rest.ts';
import { decodeStop } from './stop.ts';
import { streamError } from './stream-error.ts';
import { decodeUsage } from './usage.ts';

const at = Reading.reply();

/** Random letters that make the length of a message say nothing about it. They mean nothing else. */
export const PADDING = 'p';

export class StreamDecoder implements EventDecoder<ChatEvent> {
  readonly #open = new Map<number, OpenBlock>();
  #started = false;
  #stopped = false;
  #hasMetadata = false;

  push(frame: Frame): readonly ChatEvent[] {
    const error = streamError(frame);
    if (error !== undefined) {
      const { status, message, type, code } = error;
      const event: ErrorEvent = { type: 'error', status, message };
      return [
        { ...event, ...(type === undefined ? {} : { errorType: type }), ...(code === undefined ? {} : { code }) },
      ];
    }
    const event = parse(frame);
    switch (frame.event) {
      case 'messageStart':
        return this.#start(event);
      case 'contentBlockStart':
        return this.#blockStart(event);
      case 'contentBlockDelta':
        return this.#delta(event);
      case 'contentBlockStop':
        return this.#blockStop(at.at('contentBlockIndex').count(event['contentBlockIndex']));
      case 'messageStop':
        return this.#messageStop(event);
      case 'metadata':
        return this.#metadata(event);
      default:
        return [{ type: 'opaque', dialect: CONVERSE, event: frame.event, value: omit(event, PADDING) }];
    }
  }

  end(): readonly ChatEvent[] {
    return [...this.#open.keys()].flatMap((index) => this.#blockStop(index));
  }

  /** The start says no more than the role. Some servers leave it out. */
  #start(event: JsonObject = {}): ChatEvent[] {
    if (this.#started) return [];
    this.#started = true;
    // Always with a rest, also when it is empty: it says that the stream was read in this dialect.
    const fields = restFields(event, omit(event, 'role', PADDING));
    return [{ type: 'start', id: '', model: '', rest: { dialect: CONVERSE, fields } }];
  }

  #blockStart(event: JsonObject): ChatEvent[] {
    const index = at.at('contentBlockIndex').count(event['contentBlockIndex']);
    const block = new OpenBlock(index, isObject(event['start']) ? event['start'] : {});
    const events = [...this.#start(), ...this.#blockStop(index)];
    this.#open.set(index, block);
    return [...events, ...block.begin(at)];
  }

  #delta(event: JsonObject): readonly ChatEvent[] {
    const index = at.at('contentBlockIndex').count(event['contentBlockIndex']);
    const delta = at.at('delta').object(event['delta']);
    const open = this.#open.get(index);
    if (open !== undefined) return open.delta(delta, at.at('delta'));
    const block = new OpenBlock(index);
    const events = [...this.#start(), ...block.delta(delta, at.at('delta'))];
    this.#open.set(index, block);
    return events;
  }

  #blockStop(index: number): ChatEvent[] {
    const block = this.#open.get(index);
    this.#open.delete(index);
    return block === undefined ? [] : block.end();
  }

  #messageStop(event: JsonObject): ChatEvent[] {
    const { stopReason } = event;
    const stop = decodeStop(stopReason, restFields(event, omit(event, 'stopReason', PADDING)));
    if (stop === undefined) throw at.at('stopReason').fail('is missing; it must be a string');
    this.#stopped = true;
    const ended: ChatEvent[] = this.#hasMetadata ? [END] : [];
    return [...this.#start(), ...this.end(), { type: 'stop', candidate: 0, stop }, ...ended];
  }

  /** The end of the stream, where the stop was before it. What it has besides the usage rides along. */
  #metadata(event: JsonObject): ChatEvent[] {
    this.#hasMetadata = true;
    const usage = decodeUsage(event['usage']);
    const others = omit(event, 'usage', PADDING);
    const rest = restFrom(restFields(event, others));
    const told: ChatEvent =
      usage === undefined
        ? { type: 'opaque', dialect: CONVERSE, event: 'metadata', value: others }
        : { type: 'usage', usage, ...(rest === undefined ? {} : { rest }) };
    return [...this.#start(), told, ...(this.#stopped ? [END] : [])];
  }
}

const END: ChatEvent = { type: 'end' };

function parse(frame: Frame): JsonObject {
  try {
    return at.at(frame.event).object(frame.json());
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const message = `The provider sent an event that is not JSON: ${cause.message}`;
    throw new GatewayError('GW_UPSTREAM_INVALID', message, { cause });
  }
}
