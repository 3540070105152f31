/** Joins another target's answer to one that broke off: what the client has is left out, and its open text goes on. */
import type { ChatEvent, PartStartEvent } from '../../chat/event.ts';
import type { EventDecoder } from '../../dialect.ts';
import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../sse/frame.ts';
import type { Delivered } from './delivered.ts';

/**
 * How the other target was asked: to go on with a beginning (`continues`), the same by one that says the beginning again
 * (`echoes`), or simply for the whole answer once more (`replay`).
 */
export type Joining = 'continues' | 'echoes' | 'replay';

/** The text that the client has and the other target may say again. */
class Overlap {
  readonly #expected: string;
  /** How much of it must come. */
  readonly #required: number;
  #at = 0;

  constructor(delivered: string, joining: Joining) {
    const sent = delivered.trimEnd();
    // Targets refuse a beginning that ends in white space: it was sent without, and may come again.
    this.#expected = joining === 'continues' ? delivered.slice(sent.length) : delivered;
    this.#required = joining === 'continues' ? 0 : joining === 'echoes' ? sent.length : delivered.length;
  }

  /** Whether all that had to come has come. */
  get passed(): boolean {
    return this.#at >= this.#required;
  }

  /** What of the text is new. Throws `GW_UPSTREAM_DIVERGED` where it is not what the client has. */
  take(text: string): string {
    const expected = this.#expected;
    let read = 0;
    while (read < text.length && this.#at < expected.length && text[read] === expected[this.#at]) {
      read++;
      this.#at++;
    }
    if (read === text.length) return '';
    if (!this.passed) throw diverged();
    this.#at = expected.length;
    return text.slice(read);
  }
}

export class SplicedDecoder implements EventDecoder<ChatEvent> {
  readonly #inner: EventDecoder<ChatEvent>;
  readonly #overlap: Overlap;
  /** The client's parts that are open and that nobody goes on with yet. */
  #left: readonly number[];
  readonly #openText: number | undefined;
  readonly #offset: number;
  /** Reasoning before the text would stand in its middle. */
  readonly #hasText: boolean;
  /** The client's indexes of the parts of this answer; null for those that it does not get. */
  readonly #parts = new Map<number, number | null>();
  #joined: number | undefined;
  /** How a text begins that has said nothing new yet: until it does, the client must not hear of it. */
  readonly #waiting: ChatEvent[] = [];

  constructor(inner: EventDecoder<ChatEvent>, delivered: Delivered, joining: Joining) {
    this.#inner = inner;
    this.#overlap = new Overlap(delivered.text, joining);
    this.#left = delivered.openParts;
    this.#openText = delivered.openText;
    this.#offset = delivered.next;
    this.#hasText = delivered.text !== '';
  }

  push(frame: Frame): readonly ChatEvent[] {
    return this.#join(this.#inner.push(frame));
  }

  end(): readonly ChatEvent[] {
    return this.#join(this.#inner.end());
  }

  #join(events: readonly ChatEvent[]): readonly ChatEvent[] {
    const out: ChatEvent[] = [];
    for (const event of events) this.#one(event, out);
    return out;
  }

  #one(event: ChatEvent, out: ChatEvent[]): void {
    switch (event.type) {
      case 'part-start':
        this.#begin(event, out);
        return;
      case 'part-delta': {
        const index = this.#parts.get(event.index) ?? null;
        if (index === null) return;
        if (event.index !== this.#joined || event.delta.kind !== 'text') out.push({ ...event, index });
        else this.#text(event.delta.text, index, out);
        return;
      }
      case 'part-end': {
        const index = this.#parts.get(event.index) ?? null;
        if (event.index === this.#joined) this.#check();
        if (index === null) return;
        out.push(...this.#waiting.splice(0));
        out.push({ ...event, index });
        return;
      }
      case 'stop':
        this.#check();
        out.push(...this.#waiting.splice(0));
        this.#endLeft(out);
        out.push(event);
        return;
      // Only the other target's own clients would understand it.
      case 'opaque':
        return;
      default:
        out.push(event);
    }
  }

  #begin(event: PartStartEvent, out: ChatEvent[]): void {
    const { part, index, candidate } = event;
    if (part.type !== 'text') {
      const unwanted = part.type === 'reasoning' && this.#hasText;
      this.#parts.set(index, unwanted ? null : index + this.#offset);
      if (unwanted) return;
      this.#check();
      this.#endLeft(out);
      out.push({ ...event, index: index + this.#offset });
      return;
    }
    const goesOn = this.#joined === undefined && this.#openText !== undefined;
    const own = goesOn ? this.#openText : index + this.#offset;
    this.#parts.set(index, own);
    if (goesOn) this.#left = this.#left.filter((one) => one !== own);
    this.#endLeft(this.#waiting);
    if (!goesOn) this.#waiting.push({ type: 'part-start', candidate, index: own, part: { ...part, text: '' } });
    this.#joined ??= index;
    if (part.text !== '') this.#text(part.text, own, out);
  }

  #text(text: string, index: number, out: ChatEvent[]): void {
    const fresh = this.#overlap.take(text);
    if (fresh === '') return;
    out.push(...this.#waiting.splice(0));
    out.push({ type: 'part-delta', candidate: 0, index, delta: { kind: 'text', text: fresh } });
  }

  /** Nobody goes on with what is still open: it ends here. */
  #endLeft(out: ChatEvent[]): void {
    for (const index of this.#left) out.push({ type: 'part-end', candidate: 0, index });
    this.#left = [];
  }

  #check(): void {
    if (!this.#overlap.passed) throw diverged();
  }
}

function diverged(): GatewayError {
  return new GatewayError('GW_UPSTREAM_DIVERGED', 'The target gave another answer than the one that broke off.');
}
