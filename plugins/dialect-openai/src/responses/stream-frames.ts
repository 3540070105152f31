/** Makes the frames of a stream, each with the next number. */
import type { JsonObject } from '@gatewright/core';
import { quoted } from '@gatewright/core/wire';

export class Frames {
  #next = 0;

  /** The number that the next frame gets. */
  get next(): number {
    return this.#next;
  }

  /** The frame of an event that has these members, one at least. */
  frame(type: string, fields: JsonObject): string {
    const others = JSON.stringify(fields).slice(1);
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.#next++},${others}\n\n`;
  }

  /** The frame of an event that has a whole response, which is text already. */
  response(type: string, json: string): string {
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.#next++},"response":${json}}\n\n`;
  }

  /** An event of a provider, under the next number. */
  again(event: JsonObject): string {
    const type = String(event['type']);
    return `event: ${type}\ndata: ${JSON.stringify({ ...event, sequence_number: this.#next++ })}\n\n`;
  }

  /** What stands before and behind the text of a delta, whose other members stay the same for many. */
  form(type: string, fields: JsonObject, behind = ''): DeltaForm {
    const text = JSON.stringify({ type, ...fields });
    return { before: `event: ${type}\ndata: ${text.slice(0, -1)},"delta":`, behind: `${behind},"sequence_number":` };
  }

  /** The frame of a delta. */
  delta({ before, behind }: DeltaForm, text: string): string {
    return `${before}${quoted(text)}${behind}${this.#next++}}\n\n`;
  }
}

export interface DeltaForm {
  readonly before: string;
  readonly behind: string;
}
