/** A frame that reads its fields from a buffer when asked. */
import type { Frame } from './frame.ts';
import { codeAt } from '../json/code-at.ts';

const EMPTY = Buffer.alloc(0);
const SPACE = 0x20;
const COLON = 0x3a;
const DATA = 'data';
const EVENT = 'event';

/** Whether a text of ASCII stands in the bytes at this place. A short one is compared faster here than made a string of. */
function stands(text: string, bytes: Buffer, at: number): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== codeAt(text, index)) return false;
  return true;
}

export class BufferedFrame implements Frame {
  event = '';
  replacement = '';
  hasData = false;
  #bytes: Buffer = EMPTY;
  /** The same bytes as Latin-1. */
  #latin = '';
  /** Where the frame begins and ends. */
  #from = 0;
  #to = 0;
  /** Where its data does. */
  #start = 0;
  #end = 0;
  /** Text of the data lines where there are several. */
  #joined: string | undefined;
  #lastEvent = '';

  /** Starts a new frame in these bytes; `latin` are the same as Latin-1. */
  reset(bytes: Buffer, latin: string, from: number, to: number): void {
    this.#bytes = bytes;
    this.#latin = latin;
    this.#from = from;
    this.#to = to;
    this.event = '';
    this.replacement = '';
    this.hasData = false;
    this.#start = 0;
    this.#end = 0;
    this.#joined = undefined;
  }

  /** Takes one line, without its end. */
  line(start: number, end: number): void {
    const bytes = this.#bytes;
    const first = bytes[start];
    // Only `data` and `event` matter here; `id`, `retry` and comments pass by.
    if (first === 0x64 && stands(DATA, bytes, start)) this.#data(this.#value(start, 4, end), end);
    else if (first === 0x65 && stands(EVENT, bytes, start)) {
      const at = this.#value(start, 5, end);
      if (at >= 0) this.event = this.#name(at, end);
    }
  }

  get ascii(): string {
    return this.#joined ?? this.#latin.slice(this.#start, this.#end);
  }

  get around(): readonly [string, string] | undefined {
    if (this.#joined !== undefined) return undefined;
    return [this.#latin.slice(this.#from, this.#start), this.#latin.slice(this.#end, this.#to)];
  }

  text(): string {
    return this.#joined ?? this.#bytes.toString('utf8', this.#start, this.#end);
  }

  json(): unknown {
    return JSON.parse(this.text());
  }

  /** The name of an event. Most events of a stream have the name of the one before, which then need not be made again. */
  #name(at: number, end: number): string {
    const known = this.#lastEvent;
    if (known.length !== end - at || !stands(known, this.#bytes, at)) {
      this.#lastEvent = this.#bytes.toString('utf8', at, end);
    }
    return this.#lastEvent;
  }

  /** Where the value of a field of this name length begins; -1 where the line is another field. */
  #value(start: number, length: number, end: number): number {
    const colon = start + length;
    if (colon === end) return end;
    if (this.#bytes[colon] !== COLON) return -1;
    return this.#bytes[colon + 1] === SPACE ? colon + 2 : colon + 1;
  }

  #data(start: number, end: number): void {
    if (start < 0) return;
    if (!this.hasData) {
      this.hasData = true;
      this.#start = start;
      this.#end = end;
      return;
    }
    this.#joined = `${this.text()}\n${this.#bytes.toString('utf8', start, end)}`;
  }
}
