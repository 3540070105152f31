/** Watches a stream pass by: its content, usage, errors and end. */
import {
  Sight,
  type JsonObject,
  type Stop,
  type StreamObserver,
  type Summary,
  type UpstreamError,
  type Usage,
} from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { isObject } from './reading.ts';
import { decodeStop } from './stop.ts';
import { SPLICED } from './stream-decoder.ts';
import { isDone, streamError } from './stream-error.ts';
import { decodeUsage } from './usage.ts';

/** Parses only the frames that matter: once there is content, deltas are known by their event's name alone. */
export class ChatObserver implements StreamObserver {
  #id: string | undefined;
  #isStarted = false;
  #hasContent = false;
  #usage: Usage | undefined;
  #stop: Stop | undefined;
  #error: UpstreamError | undefined;

  see(frame: Frame): number {
    if (isDone(frame)) return Sight.END;
    switch (frame.event) {
      case 'content-delta':
      case 'tool-call-delta':
      case 'tool-plan-delta':
        return this.#hasContent ? wholeness(frame.ascii) : this.#read(frame);
      default:
        return this.#read(frame);
    }
  }

  get summary(): Summary {
    return {
      ...(this.#id === undefined ? {} : { id: this.#id }),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(this.#stop === undefined ? {} : { stop: this.#stop }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  #read(frame: Frame): number {
    let event: unknown;
    try {
      event = frame.json();
    } catch {
      return Sight.MALFORMED;
    }
    if (!isObject(event)) return Sight.MALFORMED;
    const error = streamError(event);
    if (error !== undefined) {
      const { status, message, errorType: type, code } = error;
      const told = { ...(type === undefined ? {} : { type }), ...(code === undefined ? {} : { code }) };
      this.#error = { status, message, ...told };
      return Sight.ERROR;
    }
    return this.#look(event, event['type'] ?? frame.event);
  }

  #look(event: JsonObject, type: unknown): number {
    switch (type) {
      case 'message-start':
        return this.#start(event['id']);
      case 'content-start':
      case 'content-delta':
      case 'tool-plan-delta':
      case 'tool-call-start':
      case 'tool-call-delta':
        if (this.#hasContent || !hasContent(event)) return Sight.NOTHING;
        this.#hasContent = true;
        return Sight.CONTENT;
      case 'message-end':
        return this.#end(event['delta']);
      default:
        return Sight.NOTHING;
    }
  }

  /** A repeated start is left out; one of another answer spoils the stream. */
  #start(id: unknown): number {
    if (!this.#isStarted) {
      this.#isStarted = true;
      if (typeof id === 'string') this.#id = id;
      return Sight.NOTHING;
    }
    if (!this.#hasContent || id === this.#id) return Sight.MALFORMED;
    this.#error = { status: 502, message: SPLICED };
    return Sight.ERROR;
  }

  #end(delta: unknown): number {
    if (!isObject(delta)) return Sight.MALFORMED;
    this.#usage = decodeUsage(delta['usage']) ?? this.#usage;
    const stop = decodeStop(delta['finish_reason']);
    if (stop === undefined) return Sight.MALFORMED;
    this.#stop = stop;
    return Sight.STOP;
  }
}

/** Whether JSON that is not worth parsing was cut off: then it does not end as an object does. */
function wholeness(json: string): number {
  let last = json.length - 1;
  while (last > 0 && json.charCodeAt(last) <= 0x20) last--;
  return json.charCodeAt(last) === 0x7d ? Sight.NOTHING : Sight.MALFORMED;
}

/** Contents begin empty, and deltas with nothing in them are none; a call is something by itself. */
function hasContent({ delta }: JsonObject): boolean {
  const message = isObject(delta) ? delta['message'] : undefined;
  if (!isObject(message)) return false;
  const { content, tool_plan: plan, tool_calls: calls } = message;
  if (isObject(calls)) return true;
  if (typeof plan === 'string') return plan !== '';
  return isObject(content) && Object.entries(content).some(([key, text]) => key !== 'type' && text !== '');
}
