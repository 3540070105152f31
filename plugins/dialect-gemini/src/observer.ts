/** Reads just enough of a passing stream: once there is content, chunks are searched for marks, and the last one is parsed when somebody asks. */
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
import { callsIn, stopIn } from './edits.ts';
import { errorIn } from './error.ts';
import { isObject } from './reading.ts';
import { decodeBlock } from './stop.ts';
import { decodeUsage } from './usage.ts';

/** Chunks with none of these are content or usage. Escaped quotes inside of text do not match. */
const MARKS = ['"finishReason"', '"error"', '"promptFeedback"', '"functionCall"'];

export class GenerateObserver implements StreamObserver {
  readonly #model: string | undefined;
  #hasContent = false;
  #hasCalls = false;
  #id: string | undefined;
  #seenModel: string | undefined;
  #usage: JsonObject | undefined;
  #stop: Stop | undefined;
  #error: UpstreamError | undefined;
  /** Indexes of the candidates that have begun and not stopped. */
  readonly #running = new Set<number>();
  /** A chunk whose usage nobody has asked for yet. */
  #unread: string | undefined;
  #summary: Summary | undefined;

  /** `renames`: frames can be replaced, so that another model's name can stand in them. */
  constructor({ model }: ObserverOptions, renames: boolean) {
    this.#model = renames ? model : undefined;
  }

  see(frame: Frame): number {
    const { ascii } = frame;
    if (this.#hasContent && this.#model === undefined && !MARKS.some((mark) => ascii.includes(mark))) {
      if (!isWhole(ascii)) return Sight.MALFORMED;
      this.#unread = ascii;
      this.#summary = undefined;
      return Sight.NOTHING;
    }
    return this.#read(frame);
  }

  get summary(): Summary {
    return (this.#summary ??= this.#summarize());
  }

  #summarize(): Summary {
    if (this.#unread !== undefined) this.#readUsage(parse(this.#unread));
    this.#unread = undefined;
    const usage = decodeUsage(this.#usage);
    return {
      ...(this.#id === undefined ? {} : { id: this.#id }),
      ...(this.#seenModel === undefined ? {} : { model: this.#seenModel }),
      ...(usage === undefined ? {} : { usage }),
      ...(this.#stop === undefined ? {} : { stop: this.#stop }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  #read(frame: Frame): number {
    const value = parse(frame.text());
    const chunk = Array.isArray(value) ? (value as unknown[])[0] : value;
    // Some proxies add another dialect's end mark.
    if (!isObject(chunk)) return frame.ascii.trim() === '[DONE]' ? Sight.NOTHING : Sight.MALFORMED;
    this.#summary = undefined;
    if (isObject(chunk['error'])) {
      this.#error = errorIn(chunk) ?? { status: 500, message: 'The provider reported an error without a message.' };
      return Sight.ERROR;
    }
    this.#readUsage(chunk);
    const { responseId, modelVersion } = chunk;
    if (typeof responseId === 'string') this.#id ??= responseId;
    if (typeof modelVersion === 'string') this.#seenModel ??= modelVersion;
    let sight = this.#candidates(chunk);
    if (this.#model !== undefined && typeof modelVersion === 'string' && modelVersion !== this.#model) {
      frame.replacement = JSON.stringify({ ...chunk, modelVersion: this.#model });
      sight |= Sight.REPLACE;
    }
    return sight;
  }

  #readUsage(chunk: unknown): void {
    if (!isObject(chunk) || !isObject(chunk['usageMetadata'])) return;
    this.#unread = undefined;
    this.#usage = { ...this.#usage, ...chunk['usageMetadata'] };
  }

  #candidates({ candidates, promptFeedback }: JsonObject): number {
    const list = Array.isArray(candidates) ? (candidates as unknown[]).filter(isObject) : [];
    if (list.length === 0) {
      const block = decodeBlock(promptFeedback);
      this.#stop = block ?? this.#stop;
      return block === undefined ? Sight.NOTHING : Sight.STOP;
    }
    let sight: number = Sight.NOTHING;
    for (const [position, candidate] of list.entries()) {
      const index = typeof candidate['index'] === 'number' ? candidate['index'] : position;
      this.#hasCalls ||= callsIn(candidate);
      if (hasContent(candidate)) {
        this.#hasContent = true;
        sight |= Sight.CONTENT;
      }
      if (typeof candidate['finishReason'] === 'string') this.#running.delete(index);
      else this.#running.add(index);
    }
    const stop = stopIn(list);
    if (stop === undefined) return sight;
    this.#stop ??= stop.reason === 'stop' && this.#hasCalls ? { ...stop, reason: 'tool-calls' } : stop;
    return this.#running.size === 0 ? sight | Sight.STOP : sight;
  }
}

/** Text with nothing in it comes before the content or behind it, and is none. */
function hasContent({ content }: JsonObject): boolean {
  const parts = isObject(content) ? content['parts'] : undefined;
  return Array.isArray(parts) && parts.some((part: unknown) => isObject(part) && part['text'] !== '');
}

/** Whether JSON that is not worth parsing was cut off: then it does not end as an object does. */
function isWhole(json: string): boolean {
  let last = json.length - 1;
  while (last > 0 && json.charCodeAt(last) <= 0x20) last--;
  return json.charCodeAt(last) === 0x7d;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
