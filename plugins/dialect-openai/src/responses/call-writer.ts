/** Writes a function call of a streamed answer. */
import type { PartDeltaEvent, ToolCallPart } from '@gatewright/core';
import { ItemWriter, type Place } from './item-writer.ts';
import type { DeltaForm } from './stream-frames.ts';

export class CallWriter extends ItemWriter {
  readonly #name: string;
  readonly #form: DeltaForm;
  #text = '';

  constructor(place: Place, part: ToolCallPart) {
    super(place, { type: 'function_call', call_id: part.id, name: part.name }, part);
    this.#name = part.name;
    this.#form = this.frames.form('response.function_call_arguments.delta', this.position);
    this.#given = part.arguments;
  }

  readonly #given: string;

  begin(): string {
    const opening = this.open({ status: 'in_progress', arguments: '' });
    return this.#given === '' ? opening : opening + this.#write(this.#given);
  }

  add(event: PartDeltaEvent): string {
    this.note(event);
    return event.delta.kind === 'arguments' && event.delta.text !== '' ? this.#write(event.delta.text) : '';
  }

  /** Clients parse the arguments: there must be some. */
  close(): string {
    const due = this.#text === '' ? this.#write('{}') : '';
    const fields = { ...this.position, name: this.#name, arguments: this.#text };
    const done = this.frames.frame('response.function_call_arguments.done', fields);
    return due + done + this.finish({ status: this.status, arguments: this.#text });
  }

  #write(text: string): string {
    this.#text += text;
    return this.frames.delta(this.#form, text);
  }
}
