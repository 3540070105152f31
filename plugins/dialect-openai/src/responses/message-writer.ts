/** Writes a message of a streamed answer: its texts and refusals. */
import type { EncodeContext, JsonObject, Part, PartDeltaEvent } from '@gatewright/core';
import { isObject } from '../json-value.ts';
import { annotationOf, encodeContentPart, warnOfCitations } from './content-encode.ts';
import { ItemWriter, type Place } from './item-writer.ts';
import { EMPTY, MESSAGE_FIELDS, ownFields } from './rest.ts';
import type { DeltaForm } from './stream-frames.ts';

/** A text or a refusal while it is open. */
interface Content {
  readonly index: number;
  readonly part: JsonObject;
  readonly isRefusal: boolean;
  readonly form: DeltaForm;
  readonly annotations: unknown[];
  readonly logprobs: unknown[];
  text: string;
  open: boolean;
}

export class MessageWriter extends ItemWriter {
  readonly #context: EncodeContext;
  readonly #contents: Content[] = [];
  #retired = false;
  #isOpen = true;

  constructor(place: Place, first: Part, context: EncodeContext) {
    const unknown = ownFields(first.rest)[MESSAGE_FIELDS];
    // Of the part's own fields, only those of the message are the item's.
    const notes = { ...first, rest: itemRest(first) } as Part;
    super(place, { type: 'message', role: 'assistant', ...(isObject(unknown) ? unknown : {}) }, notes);
    this.#context = context;
  }

  begin(): string {
    return this.open({ status: 'in_progress', content: [] });
  }

  /** A text or a refusal begins; answers with its place and its frames. */
  beginContent(part: Part, path: string): [number, string] {
    const index = this.#contents.length;
    const isEmpty = part.type === 'text' && ownFields(part.rest)[EMPTY] === true;
    const [written = {}] = encodeContentPart(part, path, 'output', this.#context);
    const isRefusal = part.type === 'refusal';
    const given = part.type === 'text' || part.type === 'refusal' ? part.text : '';
    const fields = { ...this.position, content_index: index };
    const form = isRefusal
      ? this.frames.form('response.refusal.delta', fields)
      : this.frames.form('response.output_text.delta', fields, ',"logprobs":[]');
    const opening = isRefusal
      ? { ...written, refusal: '' }
      : part.type === 'text'
        ? { ...written, text: '', annotations: [], logprobs: [] }
        : written;
    const annotations =
      part.type === 'text' && Array.isArray(written['annotations']) ? [...(written['annotations'] as unknown[])] : [];
    const content: Content = {
      index,
      part: opening,
      isRefusal,
      form,
      annotations: [],
      logprobs: [],
      text: '',
      open: true,
    };
    if (isEmpty) return [-1, ''];
    this.#contents.push(content);
    let frames = this.frames.frame('response.content_part.added', { ...fields, part: opening });
    if (given !== '') frames += this.#say(content, given);
    for (const annotation of annotations) frames += this.#annotate(content, annotation);
    return [index, frames];
  }

  /** What an event adds to the content at a place. */
  add(at: number, event: PartDeltaEvent): string {
    this.note(event);
    const content = this.#contents[at];
    if (content === undefined) return '';
    const { delta, logprobs } = event;
    if (delta.kind === 'text' || delta.kind === 'refusal')
      return this.#say(content, delta.text, logprobs?.content ?? undefined);
    if (delta.kind !== 'citation') return '';
    const annotation = annotationOf(delta.dialect, delta.item);
    if (annotation !== undefined) return this.#annotate(content, annotation);
    warnOfCitations(delta.dialect, this.#context);
    return '';
  }

  /** The content at a place is whole. */
  end(at: number): string {
    const content = this.#contents[at];
    if (content === undefined || !content.open) return this.#settle();
    content.open = false;
    const fields = { ...this.position, content_index: content.index };
    const { text, logprobs } = content;
    const isText = content.part['type'] === 'output_text';
    const said = content.isRefusal
      ? this.frames.frame('response.refusal.done', { ...fields, refusal: text })
      : isText
        ? this.frames.frame('response.output_text.done', { ...fields, text, logprobs })
        : '';
    const part = partOf(content);
    return said + this.frames.frame('response.content_part.done', { ...fields, part }) + this.#settle();
  }

  /** Nothing more is added: the item ends as soon as all of its content has. */
  retire(): string {
    this.#retired = true;
    return this.#settle();
  }

  /** Ends the item, whatever is open. `status` is for an item whose provider told none. */
  close(status: string): string {
    const frames = this.#contents.map(({ index, open }) => (open ? this.end(index) : '')).join('');
    return this.#isOpen ? frames + this.#finish(status) : frames;
  }

  #settle(): string {
    return this.#retired && this.#isOpen && this.#contents.every(({ open }) => !open) ? this.#finish('completed') : '';
  }

  #finish(status: string): string {
    this.#isOpen = false;
    const told = this.status === 'completed' ? status : this.status;
    return this.finish({ status: told, content: this.#contents.map(partOf) });
  }

  #say(content: Content, text: string, logprobs?: readonly unknown[]): string {
    content.text += text;
    if (logprobs === undefined || logprobs.length === 0) return this.frames.delta(content.form, text);
    content.logprobs.push(...logprobs);
    const fields = { ...this.position, content_index: content.index, delta: text, logprobs };
    return this.frames.frame('response.output_text.delta', fields);
  }

  #annotate(content: Content, annotation: unknown): string {
    const index = content.annotations.push(annotation) - 1;
    const fields = { ...this.position, content_index: content.index, annotation_index: index, annotation };
    return this.frames.frame('response.output_text.annotation.added', fields);
  }
}

function partOf({ part, isRefusal, text, annotations, logprobs }: Content): JsonObject {
  if (isRefusal) return { ...part, refusal: text };
  return part['type'] === 'output_text' ? { ...part, text, annotations, logprobs } : part;
}

/** The rest of a part without the fields that are its own. */
function itemRest(part: Part): Part['rest'] {
  if (part.rest === undefined) return undefined;
  const notes = Object.entries(part.rest.fields).filter(([key]) => key.startsWith('$'));
  return { dialect: part.rest.dialect, fields: Object.fromEntries(notes) };
}
