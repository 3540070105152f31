/** Watches a stream pass by: its content, usage, errors and end. */
import {
  Sight,
  type JsonObject,
  type ObserverOptions,
  type Stop,
  type StreamObserver,
  type Summary,
  type UpstreamError,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { isMissing, isObject } from './reading.ts';
import { decodeStop } from './stop.ts';
import { SPLICED } from './stream-decoder.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

/** What an `error` event without a message is reported as. */
const NO_MESSAGE: UpstreamError = { status: 500, message: 'The provider reported an error without a message.' };

/** Parses only the frames that matter: once there is content, deltas are known by their event's name alone. */
export class MessageObserver implements StreamObserver {
  readonly #model: string | undefined;
  #isStarted = false;
  #hasBlocks = false;
  #hasContent = false;
  #id: string | undefined;
  #seenModel: string | undefined;
  #usage: JsonObject | undefined;
  #stop: Stop | undefined;
  #error: UpstreamError | undefined;
  /** Made when asked for, and kept until something changes. */
  #summary: Summary | undefined;

  constructor({ model }: ObserverOptions) {
    this.#model = model;
  }

  see(frame: Frame): number {
    const type = frame.event === '' ? typeOf(frame) : frame.event;
    switch (type) {
      case 'content_block_delta':
        return this.#hasContent ? wholeness(frame.ascii) : this.#content(frame, isContentDelta);
      case 'content_block_start':
        this.#hasBlocks = true;
        return this.#hasContent ? wholeness(frame.ascii) : this.#content(frame, isContentBlock);
      case 'message_start':
        return this.#read(frame, (event) => this.#start(event, frame));
      case 'message_delta':
        return this.#read(frame, (event) => this.#messageDelta(event));
      case 'message_stop':
        return Sight.END;
      case 'error':
        return this.#read(frame, (event) => {
          this.#error = errorIn(event) ?? NO_MESSAGE;
          return Sight.ERROR;
        });
      case 'ping':
        return Sight.PING;
      case undefined:
        // Some proxies add another dialect's end mark.
        return frame.ascii.trim() === '[DONE]' ? Sight.NOTHING : Sight.MALFORMED;
      default:
        return Sight.NOTHING;
    }
  }

  get summary(): Summary {
    return (this.#summary ??= this.#summarize());
  }

  #summarize(): Summary {
    const usage = decodeUsage(this.#usage);
    return {
      ...(this.#id === undefined ? {} : { id: this.#id }),
      ...(this.#seenModel === undefined ? {} : { model: this.#seenModel }),
      ...(usage === undefined ? {} : { usage }),
      ...(this.#stop === undefined ? {} : { stop: this.#stop }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  #read(frame: Frame, look: (event: JsonObject) => number): number {
    let event: unknown;
    try {
      event = frame.json();
    } catch {
      return Sight.MALFORMED;
    }
    this.#summary = undefined;
    return isObject(event) ? look(event) : Sight.MALFORMED;
  }

  #content(frame: Frame, isContent: (event: JsonObject) => boolean): number {
    return this.#read(frame, (event) => {
      this.#hasContent = isContent(event);
      return this.#hasContent ? Sight.CONTENT : Sight.NOTHING;
    });
  }

  #start(event: JsonObject, frame: { replacement: string }): number {
    const { message } = event;
    if (!isObject(message)) return Sight.MALFORMED;
    const { id, model, usage, content } = message;
    if (this.#isStarted) return this.#startAgain(message);
    this.#isStarted = true;
    if (typeof id === 'string') this.#id = id;
    if (typeof model === 'string') this.#seenModel = model;
    if (isObject(usage)) this.#usage = usage;
    let sight = this.#stops(message);
    if (Array.isArray(content) && content.length > 0) {
      this.#hasBlocks = true;
      this.#hasContent = true;
      sight |= Sight.CONTENT;
    }
    if (this.#model === undefined || model === this.#model) return sight;
    frame.replacement = JSON.stringify({ ...event, message: { ...message, model: this.#model } });
    return sight | Sight.REPLACE;
  }

  /** A repeated start is left out, since clients fail on it; one of another answer spoils the stream. */
  #startAgain({ id, usage }: JsonObject): number {
    if (id === this.#id || !this.#hasBlocks) {
      if (isObject(usage)) this.#usage = mergeUsage(this.#usage ?? {}, usage);
      return Sight.MALFORMED;
    }
    this.#error = { status: 502, message: SPLICED };
    return Sight.ERROR;
  }

  #messageDelta({ delta, usage }: JsonObject): number {
    if (isObject(usage)) this.#usage = mergeUsage(this.#usage ?? {}, usage);
    return isObject(delta) ? this.#stops(delta) : Sight.NOTHING;
  }

  #stops(message: JsonObject): number {
    const details = message['stop_details'];
    const stop = decodeStop(message, isMissing(details) ? {} : { stop_details: details });
    if (stop === undefined) return Sight.NOTHING;
    this.#stop = stop;
    return Sight.STOP;
  }
}

/** Whether JSON that is not worth parsing was cut off: then it does not end as an object does. */
function wholeness(json: string): number {
  let last = json.length - 1;
  // The API pads its events with spaces, though mostly inside the object.
  while (last > 0 && json.charCodeAt(last) <= 0x20) last--;
  return json.charCodeAt(last) === 0x7d ? Sight.NOTHING : Sight.MALFORMED;
}

const DELTA = '{"type":"content_block_delta"';

/** The type of an event that has no name line. Providers write it first; undefined where the JSON does not parse. */
function typeOf(frame: Frame): string | undefined {
  if (frame.ascii.startsWith(DELTA)) return 'content_block_delta';
  const found = /^\s*\{\s*"type"\s*:\s*"(\w+)"/.exec(frame.ascii);
  if (found !== null) return found[1];
  try {
    const event = frame.json();
    return isObject(event) && typeof event['type'] === 'string' ? event['type'] : '';
  } catch {
    return undefined;
  }
}

/** Deltas with nothing in them come before the content, and are none. */
function isContentDelta({ delta }: JsonObject): boolean {
  if (!isObject(delta)) return false;
  switch (delta['type']) {
    case 'text_delta':
      return delta['text'] !== '';
    case 'thinking_delta':
      return delta['thinking'] !== '';
    case 'input_json_delta':
      return delta['partial_json'] !== '';
    default:
      return true;
  }
}

/** Text, thinking and summaries of the context begin empty; every other block is something by itself. */
function isContentBlock({ content_block: block }: JsonObject): boolean {
  if (!isObject(block)) return false;
  switch (block['type']) {
    case 'text':
      return block['text'] !== '';
    case 'thinking':
      return block['thinking'] !== '';
    case 'compaction':
      return !isMissing(block['content']);
    default:
      return true;
  }
}
