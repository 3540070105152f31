/** Writes the reasoning of a streamed answer: summaries, thoughts, and what is sealed. */
import type { JsonObject, PartDeltaEvent, ReasoningPart } from '@gatewright/core';
import { RESPONSES } from './dialect-id.ts';
import { ItemWriter, type Place } from './item-writer.ts';
import { ownFields } from './rest.ts';
import { seal } from './sealed-reasoning.ts';
import type { DeltaForm } from './stream-frames.ts';
import { BREAK, THOUGHTS } from './stream-notes.ts';

/** One text of the reasoning while it is open. */
interface Section {
  readonly isSummary: boolean;
  readonly index: number;
  readonly form: DeltaForm;
  text: string;
}

export class ReasoningWriter extends ItemWriter {
  readonly #part: ReasoningPart;
  readonly #summary: JsonObject[] = [];
  readonly #content: JsonObject[] = [];
  #section: Section | undefined;
  #signature = '';

  constructor(place: Place, part: ReasoningPart) {
    super(place, { type: 'reasoning' }, part);
    this.#part = part;
    this.#signature = part.signature ?? '';
  }

  begin(): string {
    const opening = this.open({ summary: [] });
    return this.#part.text === '' ? opening : opening + this.#think(this.#part.text, true);
  }

  add(event: PartDeltaEvent): string {
    this.note(event);
    const { delta, rest } = event;
    if (delta.kind === 'signature') this.#signature += delta.signature;
    if (delta.kind !== 'reasoning') return '';
    const notes = ownFields(rest);
    if (notes[BREAK] === true) return this.#endSection();
    return delta.text === '' ? '' : this.#think(delta.text, notes[THOUGHTS] !== true);
  }

  close(): string {
    const ended = this.#endSection();
    const { origin, redacted } = this.#part;
    const foreign = origin !== RESPONSES;
    const item: JsonObject = { summary: this.#summary };
    if (this.#content.length > 0) item['content'] = this.#content;
    const signed = { ...this.#part, ...(this.#signature === '' ? {} : { signature: this.#signature }) };
    if (foreign) item['encrypted_content'] = seal(signed);
    else if (this.#signature !== '') item['encrypted_content'] = this.#signature;
    else if (redacted !== undefined) item['encrypted_content'] = redacted;
    return ended + this.finish(item);
  }

  #think(text: string, isSummary: boolean): string {
    const due = this.#section?.isSummary === isSummary ? '' : this.#endSection() + this.#beginSection(isSummary);
    const section = this.#section as unknown as Section;
    section.text += text;
    return due + this.frames.delta(section.form, text);
  }

  #beginSection(isSummary: boolean): string {
    const index = (isSummary ? this.#summary : this.#content).length;
    const fields = { ...this.position, ...placeOf(isSummary, index) };
    const form = this.frames.form(
      isSummary ? 'response.reasoning_summary_text.delta' : 'response.reasoning_text.delta',
      fields,
    );
    this.#section = { isSummary, index, form, text: '' };
    return this.frames.frame(isSummary ? 'response.reasoning_summary_part.added' : 'response.content_part.added', {
      ...fields,
      part: partOf(isSummary, ''),
    });
  }

  #endSection(): string {
    const section = this.#section;
    if (section === undefined) return '';
    this.#section = undefined;
    const { isSummary, index, text } = section;
    const fields = { ...this.position, ...placeOf(isSummary, index) };
    const part = partOf(isSummary, text);
    (isSummary ? this.#summary : this.#content).push(part);
    const said = this.frames.frame(
      isSummary ? 'response.reasoning_summary_text.done' : 'response.reasoning_text.done',
      { ...fields, text },
    );
    return (
      said +
      this.frames.frame(isSummary ? 'response.reasoning_summary_part.done' : 'response.content_part.done', {
        ...fields,
        part,
      })
    );
  }
}

const placeOf = (isSummary: boolean, index: number): JsonObject =>
  isSummary ? { summary_index: index } : { content_index: index };

const partOf = (isSummary: boolean, text: string): JsonObject => ({
  type: isSummary ? 'summary_text' : 'reasoning_text',
  text,
});
