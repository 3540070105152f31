/** What a client has been told of an answer that may break off, so that another target can go on with it. */
import type { ChatEvent, Delta } from '../../chat/event.ts';
import type { ChatRequest } from '../../chat/request.ts';
import type { Part } from '../../chat/part.ts';

export class Delivered {
  #text: string[] = [];
  /** The parts that have begun and not ended, by their index. */
  readonly #open = new Map<number, Part['type']>();
  #next = 0;
  #obstacle: string | undefined;
  #hasText = false;

  /** The text so far, of all its parts. */
  get text(): string {
    if (this.#text.length > 1) this.#text = [this.#text.join('')];
    return this.#text[0] ?? '';
  }

  /** The index of the text that is still being written; undefined where none is. */
  get openText(): number | undefined {
    for (const [index, type] of this.#open) if (type === 'text') return index;
    return undefined;
  }

  /** The indexes of all parts that have not ended. */
  get openParts(): readonly number[] {
    return [...this.#open.keys()];
  }

  /** The index of the next part. */
  get next(): number {
    return this.#next;
  }

  /** Why nobody could go on with this answer; undefined where somebody may. */
  get obstacle(): string | undefined {
    return this.#obstacle;
  }

  /** Takes what a frame brought, as the provider said it. */
  note(events: readonly ChatEvent[]): void {
    for (const event of events) this.#note(event);
  }

  #note(event: ChatEvent): void {
    switch (event.type) {
      case 'part-start': {
        const { part, candidate, index } = event;
        if (candidate > 0) this.#obstacle = 'there are several answers';
        else if (part.type !== 'text' && part.type !== 'reasoning') this.#obstacle = `a part is a ${part.type}`;
        else if (part.type === 'reasoning' && part.redacted !== undefined) this.#obstacle = 'its reasoning is signed';
        else if (part.type === 'text' && this.#hasText) this.#obstacle = 'there are several texts';
        else if (part.type === 'text') {
          this.#hasText = true;
          this.#text.push(part.text);
        }
        this.#open.set(index, part.type);
        this.#next = Math.max(this.#next, index + 1);
        return;
      }
      case 'part-delta':
        this.#extend(event.delta);
        return;
      case 'part-end':
        this.#open.delete(event.index);
        return;
      case 'stop':
        this.#obstacle = 'it had said why it stops';
        return;
      default:
    }
  }

  #extend(delta: Delta): void {
    if (delta.kind === 'text') this.#text.push(delta.text);
    else if (delta.kind === 'signature') this.#obstacle = 'its reasoning is signed';
  }
}

/** Why an answer to this request could not be continued by another target; undefined where it could. */
export function obstacleIn(request: ChatRequest): string | undefined {
  if ((request.candidates ?? 1) > 1) return 'several answers were asked for';
  const format = request.responseFormat?.kind ?? 'text';
  return format === 'text' ? undefined : 'structured output was asked for';
}
