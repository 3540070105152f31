/**
 * The arithmetic of windows: which bucket an amount belongs to, how much of it still counts, and when it will not.
 *
 * A sliding window of length L is counted in two buckets of that length, aligned to 1970: the one that runs, and the one
 * before it, which counts for the part of it that the window still covers:
 *
 *     in the window = running + ⌈previous × w ÷ 1,000,000⌉   with   w = ⌈(L − elapsed) × 1,000,000 ÷ L⌉
 *
 * where `elapsed` is how long the running bucket has run. It is exact if the previous bucket's amounts came evenly, and
 * never less than what two whole buckets would allow; roundings go against the caller.
 */
import { GatewayError, type Claim, type ClaimWindow, type Period } from '@gatewright/core';

/** What the running and the previous bucket of a sliding window hold, all of it: spent and reserved. */
export interface Buckets {
  readonly running: bigint;
  readonly previous: bigint;
}

const MILLION = 1_000_000;

/** The number of the bucket that a moment falls into. */
export function bucketAt(now: number, length: number): number {
  return Math.floor(now / length);
}

/** How much the previous bucket still counts, in millionths. */
export function weightAt(now: number, length: number): number {
  return Math.ceil(((length - (now % length)) * MILLION) / length);
}

/** An amount times a weight in millionths, rounded up. */
export function weighted(amount: bigint, weight: number): bigint {
  if (amount === 0n) return 0n;
  const product = amount * BigInt(weight);
  const whole = product / BigInt(MILLION);
  return product % BigInt(MILLION) > 0n ? whole + 1n : whole;
}

/** Milliseconds until `amount` fits by the passing of time alone; undefined where it never will. */
export function slidingWait(
  { running, previous }: Buckets,
  window: { readonly length: number; readonly now: number },
  amount: bigint,
  limit: bigint,
): number | undefined {
  const { length, now } = window;
  const room = limit - amount;
  if (room < 0n) return undefined;
  const start = now - (now % length);
  if (room >= running) return atLeastOne(start + fadesTo(previous, room - running, length) - now);
  return atLeastOne(start + length + fadesTo(running, room, length) - now);
}

/** How far a bucket must have run until the one before it counts for no more than `room`. */
function fadesTo(amount: bigint, room: bigint, length: number): number {
  if (amount <= room) return 0;
  const weight = Number((room * BigInt(MILLION)) / amount);
  return length - Math.floor((weight * length) / MILLION);
}

const atLeastOne = (wait: number): number => Math.max(1, Math.ceil(wait));

/** When all that a sliding window holds now has passed; undefined where it holds nothing. */
export function slidingEnd({ running, previous }: Buckets, now: number, length: number): number | undefined {
  if (running !== 0n) return (bucketAt(now, length) + 2) * length;
  return previous === 0n ? undefined : (bucketAt(now, length) + 1) * length;
}

/** The period that a moment stands in. */
export function periodAt(periods: readonly Period[], now: number): Period | undefined {
  for (const period of periods) if (period.start <= now && now < period.end) return period;
  return undefined;
}

/** The error of a clock so far from the state's own that no period of the claim is the current one. */
export function noPeriod({ label, scope }: Pick<Claim, 'label' | 'scope'>, window: string, now: number): GatewayError {
  const clock = new Date(now).toISOString();
  return new GatewayError(
    'GW_STATE_UNAVAILABLE',
    `None of the periods given for the window "${window}" of ${label ?? scope} is the current one: the state's clock says ${clock}.`,
    { help: 'Synchronise the clocks of the gateways and of the state.' },
  );
}

/** The name under which a counter is kept: scope, unit, and the window's kind and name. */
export function counterKey(scope: string, unit: string, kind: ClaimWindow['kind'], name: string): string {
  return `${scope}\n${unit}\n${kind}\n${name}`;
}

/** How much more must be held where `held` is held and `wanted` should be; nothing where it is as much already. */
export function growth(held: bigint, wanted: bigint | undefined): bigint {
  return wanted === undefined || wanted <= held ? 0n : wanted - held;
}

/** Refuses a hold that no state can keep; throws `GW_PLUGIN_CONTRACT`. */
export function checkClaims(claims: readonly Claim[]): void {
  for (let index = 0; index < claims.length; index++) {
    const claim = claims[index] as Claim;
    checkClaim(claim);
    // There are a few, and comparing them costs less than names for a set.
    for (let before = 0; before < index; before++) {
      if (isSameCounter(claim, claims[before] as Claim)) throw twice(claim);
    }
  }
}

function isSameCounter(a: Claim, b: Claim): boolean {
  if (a.unit !== b.unit || a.window.kind !== b.window.kind) return false;
  return a.scope === b.scope && a.window.name === b.window.name;
}

/** Refuses a claim that no state can keep; throws `GW_PLUGIN_CONTRACT`. */
export function checkClaim({ amount, kind, window, scope, unit }: Claim): void {
  if (amount < 0n) throw broken(`A claim on ${unit} of ${scope} is for less than nothing (${amount}).`);
  if (window.kind !== 'sliding') return;
  if (kind === 'budget') {
    throw broken(
      `The budget of ${scope} has a sliding window (${window.name}). A budget needs periods or the window "total": nothing durable tells what a sliding window had spent.`,
    );
  }
  if (!(Number.isSafeInteger(window.length) && window.length > 0)) {
    throw broken(`The sliding window "${window.name}" of ${scope} needs a length in whole milliseconds.`);
  }
}

/** The error of a hold with two claims on one counter. */
export function twice({ scope, unit, window }: Claim): GatewayError {
  return broken(`Two claims of a hold are on the same counter: ${unit} of ${scope} (${window.name}).`);
}

const broken = (message: string): GatewayError => new GatewayError('GW_PLUGIN_CONTRACT', message);
