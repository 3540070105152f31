/** Watches a stream pass by: its content, usage, errors and end. */
import { Sight, type JsonObject, type Stop, type StreamObserver, type Summary, type Usage } from '@gatewright/core';
import type { UpstreamError } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { isObject } from './reading.ts';
import { decodeStop } from './stop.ts';
import { streamError } from './stream-error.ts';
import { decodeUsage } from './usage.ts';

/** Parses only the messages that matter: checksums have said already that the others are whole. */
export class ConverseObserver implements StreamObserver {
  #hasContent = false;
  #hasMetadata = false;
  #usage: Usage | undefined;
  #stop: Stop | undefined;
  #error: UpstreamError | undefined;

  see(frame: Frame): number {
    switch (frame.event) {
      case 'contentBlockDelta':
        return this.#hasContent ? Sight.NOTHING : this.#content(frame, isContentDelta);
      case 'contentBlockStart':
        return this.#hasContent ? Sight.NOTHING : this.#content(frame, isContentStart);
      case 'messageStop':
        return read(frame, ({ stopReason }) => {
          const stop = decodeStop(stopReason);
          if (stop === undefined) return Sight.MALFORMED;
          this.#stop = stop;
          return this.#hasMetadata ? Sight.STOP | Sight.END : Sight.STOP;
        });
      case 'metadata':
        return read(frame, ({ usage }) => {
          this.#hasMetadata = true;
          this.#usage = decodeUsage(usage) ?? this.#usage;
          return this.#stop === undefined ? Sight.NOTHING : Sight.END;
        });
      default:
        this.#error = streamError(frame);
        return this.#error === undefined ? Sight.NOTHING : Sight.ERROR;
    }
  }

  get summary(): Summary {
    return {
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(this.#stop === undefined ? {} : { stop: this.#stop }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  #content(frame: Frame, isContent: (event: JsonObject) => boolean): number {
    return read(frame, (event) => {
      this.#hasContent = isContent(event);
      return this.#hasContent ? Sight.CONTENT : Sight.NOTHING;
    });
  }
}

function read(frame: Frame, look: (event: JsonObject) => number): number {
  let event: unknown;
  try {
    event = frame.json();
  } catch {
    return Sight.MALFORMED;
  }
  return isObject(event) ? look(event) : Sight.MALFORMED;
}

/** Deltas with nothing in them come before the content, and are none. */
function isContentDelta({ delta }: JsonObject): boolean {
  if (!isObject(delta)) return false;
  const { text, toolUse, reasoningContent: reasoning } = delta;
  if (text !== undefined) return text !== '';
  if (isObject(toolUse)) return toolUse['input'] !== '';
  return !isObject(reasoning) || reasoning['text'] !== '';
}

/** Thinking begins empty, and text without any start; every other block is something by itself. */
function isContentStart({ start }: JsonObject): boolean {
  return isObject(start) && Object.keys(start).some((kind) => kind !== 'reasoningContent' && kind !== 'text');
}
