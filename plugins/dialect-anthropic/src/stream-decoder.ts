/** Reads the frames of a streamed answer into neutral events. */
import { GatewayError, type ChatEvent, type EventDecoder, type JsonObject } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { MESSAGES } from './names.ts';
import { OpenBlock } from './open-block.ts';
import { isMissing, isObject, Reading } from './reading.ts';
import { decodeEnvelope } from './response.ts';
import { omit, restFields } from './rest.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

const at = Reading.reply();

/** What is said of a stream that begins another answer before the first one's end. */
export const SPLICED = 'The provider began a second answer in the middle of the first.';

export class StreamDecoder implements EventDecoder<ChatEvent> {
  readonly #open = new Map<number, OpenBlock>();
  #id: unknown;
  #started = false;
  #hasBlocks = false;
  #usage: JsonObject | undefined;
  /** What was read cannot be told apart from here on. */
  #broken: GatewayError | undefined;

  push(frame: Frame): readonly ChatEvent[] {
    if (this.#broken !== undefined) throw this.#broken;
    const event = parse(frame);
    if (event === undefined) return [];
    const type = event['type'] ?? frame.event;
    switch (type) {
      case 'message_start':
        return this.#start(at.at('message').object(event['message']));
      case 'content_block_start':
        return this.#blockStart(at.at('index').count(event['index']), event['content_block'], at.at('content_block'));
      case 'content_block_delta':
        return this.#delta(at.at('index').count(event['index']), at.at('delta').object(event['delta']));
      case 'content_block_stop':
        return this.#blockStop(at.at('index').count(event['index']));
      case 'message_delta':
        return this.#messageDelta(event);
      case 'message_stop':
        return [...this.end(), { type: 'end' }];
      case 'ping':
        return [{ type: 'ping' }];
      case 'error':
        return [errorEvent(event)];
      default:
        if (typeof type !== 'string' || type === '') throw at.at('type').fail('is missing; it must be a string');
        return [{ type: 'opaque', dialect: MESSAGES, event: type, value: event }];
    }
  }

  end(): readonly ChatEvent[] {
    return [...this.#open.keys()].flatMap((index) => this.#blockStop(index));
  }

  #start(message: JsonObject): ChatEvent[] {
    if (this.#started) return this.#startAgain(message);
    this.#started = true;
    this.#id = message['id'];
    if (isObject(message['usage'])) this.#usage = message['usage'];
    const events: ChatEvent[] = [{ type: 'start', ...decodeEnvelope(message, at.at('message')) }];
    const { content } = message;
    if (Array.isArray(content))
      for (const [index, block] of content.entries()) events.push(...this.#whole(index, block));
    // Where the whole message stands in its start, no delta tells the stop.
    const details = message['stop_details'];
    const stop = decodeStop(message, isMissing(details) ? {} : { stop_details: details });
    if (stop !== undefined) events.push({ type: 'stop', candidate: 0, stop }, ...this.#usageSoFar());
    return events;
  }

  /** Some proxies repeat the start, which is harmless; or they splice a second answer into the first, which is not. */
  #startAgain(message: JsonObject): ChatEvent[] {
    if (message['id'] !== this.#id && this.#hasBlocks) {
      this.#broken = new GatewayError('GW_UPSTREAM_INVALID', SPLICED);
      throw this.#broken;
    }
    if (isObject(message['usage'])) this.#usage = mergeUsage(this.#usage ?? {}, message['usage']);
    return [];
  }

  #whole(index: number, block: unknown): ChatEvent[] {
    return [...this.#blockStart(index, block, at.at('message').at('content').at(index)), ...this.#blockStop(index)];
  }

  #blockStart(index: number, block: unknown, place: Reading): ChatEvent[] {
    if (!this.#started) throw at.at('content_block').fail('began before the message');
    const open = new OpenBlock(block, place);
    const events = this.#open.has(index) ? this.#blockStop(index) : [];
    this.#open.set(index, open);
    this.#hasBlocks = true;
    return [...events, { type: 'part-start', candidate: 0, index, part: open.part }];
  }

  #delta(index: number, delta: JsonObject): ChatEvent[] {
    const block = this.#open.get(index);
    if (block === undefined) throw at.at('index').fail(`block ${index} has not begun, or has ended`);
    return [{ type: 'part-delta', candidate: 0, index, ...block.delta(delta, at.at('delta')) }];
  }

  #blockStop(index: number): ChatEvent[] {
    const block = this.#open.get(index);
    if (block === undefined) return [];
    this.#open.delete(index);
    const owed = block.end();
    const end: ChatEvent = { type: 'part-end', candidate: 0, index };
    return owed === undefined ? [end] : [{ type: 'part-delta', candidate: 0, index, ...owed }, end];
  }

  #messageDelta(event: JsonObject): ChatEvent[] {
    const delta = at.at('delta').object(event['delta']);
    if (isObject(event['usage'])) this.#usage = mergeUsage(this.#usage ?? {}, event['usage']);
    const beside = omit(event, 'type', 'delta', 'usage');
    const others = omit(delta, 'stop_reason', 'stop_sequence');
    const fields = restFields(others, others, {
      $event: Object.keys(beside).length === 0 ? undefined : beside,
    });
    const stop = decodeStop(delta, fields);
    const stops: ChatEvent[] = stop === undefined ? [] : [{ type: 'stop', candidate: 0, stop }];
    return [...this.end(), ...stops, ...this.#usageSoFar()];
  }

  #usageSoFar(): ChatEvent[] {
    const usage = decodeUsage(this.#usage);
    return usage === undefined ? [] : [{ type: 'usage', usage }];
  }
}

/** The JSON of a frame; undefined where it is empty, or the end mark that some proxies add. */
function parse(frame: Frame): JsonObject | undefined {
  try {
    return at.at('event').object(frame.json());
  } catch (cause) {
    const text = frame.ascii.trim();
    if (text === '' || text === '[DONE]') return undefined;
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new GatewayError('GW_UPSTREAM_INVALID', `The provider sent an event that is not JSON: ${cause.message}`, {
      cause,
    });
  }
}

function errorEvent(event: JsonObject): ChatEvent {
  const error = errorIn(event) ?? { status: 500, message: 'The provider reported an error without a message.' };
  return {
    type: 'error',
    status: error.status,
    message: error.message,
    ...(error.type === undefined ? {} : { errorType: error.type }),
    ...(error.code === undefined ? {} : { code: error.code }),
  };
}
