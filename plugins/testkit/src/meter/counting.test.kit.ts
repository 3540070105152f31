/** A state that only counts requests that are spent or held, and meters that claim of it, good and bad. */
import type { AttemptOutcome, Claim, Grant, Plugin, Reservation, State } from '@gatewright/core';
import { GatewayError } from '@gatewright/core';
import { sample } from '../sample.test.kit.ts';

interface Count {
  spent: bigint;
  reserved: bigint;
  since: number;
}

/** What one bad state does. */
export type Fault = 'forgets holds' | 'keeps holds' | 'counts callers together' | 'never forgets' | undefined;

/** Counts in memory; a window begins with the first that falls into it. */
export function countingState(window: number, fault?: Fault): Plugin {
  return sample(
    ({ provide, clock }) => {
      const counts = new Map<string, Count>();
      const holds = new Map<string, readonly Claim[]>();
      const countOf = ({ scope, unit }: Claim): Count => {
        const key = fault === 'counts callers together' ? unit : `${scope} ${unit}`;
        const found = counts.get(key) ?? { spent: 0n, reserved: 0n, since: clock.monotonic() };
        if (clock.monotonic() - found.since >= window && fault !== 'never forgets') {
          Object.assign(found, { spent: 0n, since: clock.monotonic() });
        }
        counts.set(key, found);
        return found;
      };
      const state: State = {
        async reserve({ id, claims }): Promise<Reservation> {
          const refused = claims.find((claim) => {
            const { spent, reserved } = countOf(claim);
            return claim.limit !== undefined && spent + reserved + claim.amount > claim.limit;
          });
          if (refused !== undefined) {
            return { ok: false, refused, retryAfter: countOf(refused).since + window - clock.monotonic() };
          }
          holds.set(id, claims);
          if (fault !== 'forgets holds') for (const claim of claims) countOf(claim).reserved += claim.amount;
          const grants = claims.map((): Grant => ({ period: '', balance: { spent: 0n, reserved: 0n } }));
          return { ok: true, grants };
        },
        extend: async () => ({ ok: true, grants: [] }),
        async settle(id, postings) {
          const claims = holds.get(id) ?? [];
          holds.delete(id);
          for (const [index, claim] of claims.entries()) {
            const count = countOf(claim);
            if (fault !== 'forgets holds' && fault !== 'keeps holds') count.reserved -= claim.amount;
            count.spent += postings[index]?.actual ?? claim.amount;
          }
          return { late: false, duplicate: false };
        },
        orphans: async () => [],
        reclaim: async () => ({ late: false, duplicate: true }),
        balances: async (counters) => counters.map(() => undefined),
      };
      provide('state', state);
    },
    { id: 'counting', provides: ['state'] },
  );
}

/** How a meter may go wrong. */
export interface MeterWay {
  readonly kind: 'limit' | 'budget';
  readonly unit: string;
  readonly amount: bigint;
  readonly limit: bigint;
  readonly scope: (key: string) => string;
  readonly actual: (outcome: AttemptOutcome) => bigint;
  /** Claims for the first target only. */
  readonly first?: boolean;
  /** Counts by itself, before anybody is asked: what is refused counts too. */
  readonly byItself?: boolean;
}

/** A meter that claims so. */
export function meter(way: MeterWay): Plugin {
  return sample(
    ({ hooks }) => {
      let own = 0n;
      hooks.meter.reserve.tap((attempt, { identity }) => {
        if (way.byItself === true) {
          if (++own > way.limit) throw new GatewayError('GW_RATE_LIMITED', 'Too many.');
          return undefined;
        }
        if (way.first === true && attempt.target.model !== 'one') return undefined;
        const { kind, unit, amount, limit, actual } = way;
        const window = { kind: 'total', name: 'w' } as const;
        return { claims: [{ scope: way.scope(identity.key), kind, unit, amount, limit, actual, window }] };
      });
    },
    { uses: ['state'] },
  );
}
