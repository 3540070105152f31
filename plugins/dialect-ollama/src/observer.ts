/** Reads just enough of a passing stream: the lines of its content are looked at, its last one is read. */
import { Sight, type Stop, type StreamObserver, type Summary, type UpstreamError, type Usage } from '@gatewright/core';
import type { Frame } from '@gatewright/core/wire';
import { errorIn } from './error.ts';
import { isObject } from './reading.ts';
import { decodeStop } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** Lines with none of these are more of what there was. Escaped quotes inside of text do not match. */
const MARKS = /"done":\s*true|"error"|"tool_calls"/;

export class ChatObserver implements StreamObserver {
  #hasContent = false;
  #hasCalls = false;
  #model: string | undefined;
  #usage: Usage | undefined;
  #stop: Stop | undefined;
  #error: UpstreamError | undefined;

  see(frame: Frame): number {
    const { ascii } = frame;
    if (this.#hasContent && !MARKS.test(ascii)) return /\}\s*$/.test(ascii) ? Sight.NOTHING : Sight.MALFORMED;
    let line: unknown;
    try {
      line = frame.json();
    } catch {
      return Sight.MALFORMED;
    }
    if (!isObject(line)) return Sight.MALFORMED;
    const error = errorIn(line);
    if (error !== undefined) {
      this.#error = error;
      return Sight.ERROR;
    }
    if (typeof line['model'] === 'string') this.#model ??= line['model'];
    const sight = this.#message(line['message']);
    if (line['done'] !== true) return sight;
    this.#usage = decodeUsage(line) ?? this.#usage;
    this.#stop = decodeStop(line['done_reason'], this.#hasCalls);
    return sight | Sight.STOP | Sight.END;
  }

  get summary(): Summary {
    return {
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(this.#stop === undefined ? {} : { stop: this.#stop }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  #message(message: unknown): number {
    if (!isObject(message)) return Sight.NOTHING;
    const { content, thinking, tool_calls: calls } = message;
    const called = Array.isArray(calls) && calls.length > 0;
    this.#hasCalls ||= called;
    const said = [content, thinking].some((text) => typeof text === 'string' && text !== '');
    if (!said && !called) return Sight.NOTHING;
    this.#hasContent = true;
    return Sight.CONTENT;
  }
}
