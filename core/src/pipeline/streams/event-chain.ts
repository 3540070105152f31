/** The event transforms of one stream, one behind the other. */
import type { ChatEvent } from '../../chat/event.ts';
import type { EventTransform } from '../../hooks/points.ts';
import type { Tap } from '../../hooks/tap.ts';
import { GatewayError } from '../../errors.ts';
import type { LiveExchange } from '../live-exchange.ts';

interface Link {
  readonly tap: Tap;
  readonly transform: EventTransform<ChatEvent>;
  /** It failed, and the stream goes on without it. */
  out: boolean;
}

export class EventChain {
  readonly #links: readonly Link[];
  #flushed = false;

  /** Runs the factories. Throws a GatewayError that names the plugin. */
  constructor(exchange: LiveExchange) {
    this.#links = exchange.hooks.event.map((tap) => ({
      tap,
      transform: tap.runSync(exchange, exchange) as EventTransform<ChatEvent>,
      out: false,
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
      const rest = this.#guard(link, () => link.transform.end(), []);
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
          ? this.#guard(link, () => link.transform.event(only as ChatEvent), events)
          : events.flatMap((one) => this.#guard(link, () => link.transform.event(one), [one]));
    }
    return events;
  }

  /** What the call gives; `otherwise` where its plugin failed, now or before, and may be left out. */
  #guard(link: Link, call: () => readonly ChatEvent[], otherwise: readonly ChatEvent[]): readonly ChatEvent[] {
    if (link.out) return otherwise;
    let events: unknown;
    try {
      events = call();
      if (Array.isArray(events)) return events as ChatEvent[];
    } catch (cause) {
      return this.#without(link, failed(link, cause), otherwise);
    }
    return this.#without(link, wrongResult(link), otherwise);
  }

  #without(link: Link, error: GatewayError, otherwise: readonly ChatEvent[]): readonly ChatEvent[] {
    if (!link.tap.skips(error)) throw error;
    link.out = true;
    return otherwise;
  }
}

function failed({ tap }: Link, cause: unknown): GatewayError {
  const { plugin, hook } = tap.spec;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `${nameOf(tap)} failed in hook ${hook}: ${reason}`;
  return new GatewayError('GW_PLUGIN_FAILED', message, { plugin: plugin.id, hook, cause });
}

function wrongResult({ tap }: Link): GatewayError {
  const { plugin, hook } = tap.spec;
  const message = `${nameOf(tap)} returned something that hook ${hook} does not take: expected a list of events.`;
  return new GatewayError('GW_PLUGIN_RESULT', message, { plugin: plugin.id, hook });
}

function nameOf({ spec: { plugin } }: Tap): string {
  return `Plugin "${plugin.id}" (${plugin.where})`;
}
