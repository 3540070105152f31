/**
 * Holds the closing events of a stream back until it is known whether anything comes behind them,
 * so that what a transform lets out at the end stands before the end of its part and before the stop reason.
 */
import type { ChatEvent } from '../../chat/event.ts';

/** Events that came together, with their bytes where all of the frame is in them. */
export interface Group {
  readonly events: readonly ChatEvent[];
  readonly bytes: Buffer | undefined;
}

export class StreamTail {
  #groups: Group[] = [];

  /** Takes what a frame brought; answers what may go on now, in order. Pings wait for nobody. */
  push(group: Group): Group[] {
    const { events } = group;
    if (events.every((event) => event.type === 'ping')) return [group];
    let closing = events.length;
    while (closing > 0 && isClosing(events[closing - 1] as ChatEvent)) closing--;
    if (closing === 0) {
      this.#groups.push(group);
      return [];
    }
    const ready = this.release();
    if (closing === events.length) return [...ready, group];
    this.#groups.push({ events: events.slice(closing), bytes: undefined });
    return [...ready, { events: events.slice(0, closing), bytes: undefined }];
  }

  /** All that was held back. */
  release(): Group[] {
    const groups = this.#groups;
    this.#groups = [];
    return groups;
  }
}

function isClosing(event: ChatEvent): boolean {
  return event.type === 'part-end' || event.type === 'stop' || event.type === 'usage' || event.type === 'end';
}
