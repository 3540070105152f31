/** The event transforms of one stream, one behind the other. */
import type { ChatEvent } from '../chat/event.ts';
import type { EventTransform } from '../hooks/points.ts';
import type { Tap } from '../hooks/tap.ts';
import { GatewayError } from '../errors.ts';
import type { LiveExchange } from './live-exchange.ts';

interface Link {
  readonly tap: Tap;
  readonly transform: EventTransform<ChatEvent>;
}

export class EventChain {
  readonly #links: readonly Link[];
  #flushed = false;

  /** Runs the factories. Throws a GatewayError that names the plugin. */
  constructor(exchange: LiveExchange) {
    this.#links = exchange.hooks.event.map((tap) => ({
      tap,
      transform: tap.runSync(exchange, exchange) as EventTransform<ChatEvent>,
    }));
  }

  /** Whether there is any transform. */
  get active(): boolean {
    return this.#links.length > 0;
  }

  /** What stands for an event after all transforms. */
  push(event: ChatEvent): readonly ChatEvent[] {
    return this.#links.length === 0 ? [event] : this.#through(event, 0);
  }

  /** The stream is over: what each transform held back, through those behind it. Once; then nothing. */
  flush(): readonly ChatEvent[] {
    if (this.#flushed) return [];
    this.#flushed = true;
    const events: ChatEvent[] = [];
    for (const [index, link] of this.#links.entries()) {
      const rest = this.#guard(link, () => link.transform.end());
      for (const event of rest) events.push(...this.#through(event, index + 1));
    }
    return events;
  }

  #through(event: ChatEvent, from: number): readonly ChatEvent[] {
    let events: readonly ChatEvent[] = [event];
    for (let index = from; index < this.#links.length && events.length > 0; index++) {
      const link = this.#links[index] as Link;
      const [only] = events;
      events =
        events.length === 1
          ? this.#guard(link, () => link.transform.event(only as ChatEvent))
          : events.flatMap((one) => this.#guard(link, () => link.transform.event(one)));
    }
    return events;
  }

  #guard(link: Link, call: () => readonly ChatEvent[]): readonly ChatEvent[] {
    const { plugin, hook } = link.tap.spec;
    const who = `Plugin "${plugin.id}" (${plugin.where})`;
    let events: unknown;
    try {
      events = call();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new GatewayError('GW_PLUGIN_FAILED', `${who} failed in hook ${hook}: ${reason}`, {
        plugin: plugin.id,
        hook,
        cause,
      });
    }
    if (Array.isArray(events)) return events as ChatEvent[];
    const message = `${who} returned something that hook ${hook} does not take: expected a list of events.`;
    throw new GatewayError('GW_PLUGIN_RESULT', message, { plugin: plugin.id, hook });
  }
}
