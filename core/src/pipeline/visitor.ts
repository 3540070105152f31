/** An exchange as gates see it that it may have to wait at. */
import { tenantOf } from '../bindings.ts';
import type { LoadLimits } from '../config/load-settings.ts';
import type { Visitor } from '../load/gate.ts';
import { deadlineOf } from './attempts/caller-timeouts.ts';
import type { LiveExchange } from './live-exchange.ts';

/** Tenants take turns: organisations, and where there is none, teams, users and keys. */
export function visitorOf(exchange: LiveExchange): Visitor {
  const { identity } = exchange;
  return {
    tenant: identity.organisation ?? tenantOf(identity),
    onAbort: (listener) => exchange.onAbort(listener),
  };
}

/** How long it may wait: no longer than its caller does. */
export function waitOf(exchange: LiveExchange, longest: number): number {
  return Math.max(0, Math.min(longest, deadlineOf(exchange) - exchange.kernel.clock.monotonic()));
}

/** Waits for a place in the gateway; the answer gives it back. Rejects with `GW_OVERLOADED`. */
export async function takeTurn(exchange: LiveExchange, limits: LoadLimits): Promise<() => void> {
  const wait = waitOf(exchange, limits.wait);
  return exchange.kernel.host.traffic.enter(visitorOf(exchange), { ...limits, wait });
}
