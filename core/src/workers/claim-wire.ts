/**
 * Claims and bills on their way between a worker and the primary process.
 *
 * What is the same in each request of a caller, the terms of a claim, goes once, and then as a number. What is sent arrives in
 * its order, so that a number is never there before its terms.
 */
import type { Balance, Claim, Grant, Posting } from '../state.ts';
import type { FrameReader, FrameWriter } from './frame.ts';

/** A claim without its amount and without what only the worker itself can do with it. */
type Terms = Omit<Claim, 'amount' | 'actual' | 'amountFor' | 'seen' | 'refusal'>;

/** A claim as the primary has it. */
export type SentClaim = Terms & Pick<Claim, 'amount'>;

/** After so many terms the numbers begin anew: who came long ago is forgotten. */
const MOST = 4096;

/** The worker's side. */
export class ClaimWriter {
  readonly #known = new Map<string, { readonly number: number; readonly terms: Terms }[]>();
  #next = 0;

  write(claims: readonly Claim[], frame: FrameWriter): void {
    frame.number(claims.length);
    for (const claim of claims) {
      const known = this.#known.get(claim.scope)?.find(({ terms }) => isSame(terms, claim));
      if (known === undefined) this.#add(claim, frame);
      else frame.number(known.number);
      frame.amount(claim.amount);
    }
  }

  /** A number below zero says that its terms come with it. */
  #add(claim: Claim, frame: FrameWriter): void {
    if (this.#next === MOST) {
      this.#known.clear();
      this.#next = 0;
    }
    const { scope, unit, window, kind, limit, outage, label, whenShort } = claim;
    const terms: Terms = { scope, unit, window, kind, limit, outage, label, whenShort };
    const number = this.#next++;
    const others = this.#known.get(scope);
    if (others === undefined) this.#known.set(scope, [{ number, terms }]);
    else others.push({ number, terms });
    frame.number(-1 - number);
    frame.other(terms);
  }
}

/** Windows are made once for all that they are for. */
function isSame(terms: Terms, claim: Claim): boolean {
  return (
    terms.window === claim.window &&
    terms.unit === claim.unit &&
    terms.kind === claim.kind &&
    terms.limit === claim.limit &&
    terms.label === claim.label &&
    terms.outage === claim.outage &&
    terms.whenShort === claim.whenShort
  );
}

/** The primary's side, for one worker. */
export class ClaimReader {
  readonly #terms: Terms[] = [];

  read(frame: FrameReader): SentClaim[] {
    const claims: SentClaim[] = [];
    for (let left = frame.number(); left > 0; left--) {
      let number = frame.number();
      if (number < 0) {
        number = -1 - number;
        this.#terms[number] = frame.other() as Terms;
      }
      const { scope, unit, window, kind, limit, outage, label, whenShort } = this.#terms[number] as Terms;
      const amount = frame.amount() as bigint;
      claims.push({ scope, unit, window, kind, limit, outage, label, whenShort, amount });
    }
    return claims;
  }
}

/** Says that a counter's limit is the claim's. */
const LIMIT_OF_CLAIM = 1;

/** A state's grants may also be more than the plain objects that can be sent. */
export function writeGrants(grants: readonly Grant[], claims: readonly SentClaim[], frame: FrameWriter): void {
  for (let index = 0; index < grants.length; index++) {
    const { period, balance } = grants[index] as Grant;
    const { spent, reserved, limit, resetsAt } = balance;
    const known = limit === claims[index]?.limit;
    frame.word(period);
    frame.amount(spent);
    frame.amount(reserved);
    frame.optional(resetsAt);
    frame.number(known ? LIMIT_OF_CLAIM : 0);
    if (!known) frame.amount(limit);
  }
}

/** One for each claim. */
export function readGrants(frame: FrameReader, claims: readonly Claim[]): Grant[] {
  const grants: Grant[] = [];
  for (const claim of claims) {
    const period = frame.word();
    const balance: { -readonly [K in keyof Balance]: Balance[K] } = {
      spent: frame.amount() as bigint,
      reserved: frame.amount() as bigint,
    };
    const resetsAt = frame.optional();
    const limit = frame.number() === LIMIT_OF_CLAIM ? claim.limit : frame.amount();
    if (limit !== undefined) balance.limit = limit;
    if (resetsAt !== undefined) balance.resetsAt = resetsAt;
    grants.push({ period, balance });
  }
  return grants;
}

/** Whether a bill is that of just these claims: then the primary needs but its amounts. */
export function isBillOf(bill: readonly Posting[], claims: readonly Claim[], grants: readonly Grant[]): boolean {
  if (bill.length !== claims.length) return false;
  for (let index = 0; index < bill.length; index++) {
    const { scope, unit, window, name, period, kind } = bill[index] as Posting;
    const claim = claims[index] as Claim;
    const same = scope === claim.scope && unit === claim.unit && window === claim.window.kind && kind === claim.kind;
    if (!same || name !== claim.window.name || period !== grants[index]?.period) return false;
  }
  return true;
}

export function writeBill(bill: readonly Posting[], frame: FrameWriter): void {
  frame.number(bill.length);
  for (const { held, actual } of bill) {
    frame.amount(held);
    frame.amount(actual);
  }
}

/** The bill of a hold; undefined where it is not known what was claimed. */
export function readBill(
  frame: FrameReader,
  hold: { readonly claims: readonly SentClaim[]; readonly grants: readonly Grant[] } | undefined,
): Posting[] | undefined {
  const bill: Posting[] = [];
  const count = frame.number();
  for (let index = 0; index < count; index++) {
    const [held, actual] = [frame.amount() as bigint, frame.amount() as bigint];
    if (hold === undefined) continue;
    const { scope, unit, window, kind } = hold.claims[index] as SentClaim;
    const { period } = hold.grants[index] as Grant;
    bill.push({ scope, unit, window: window.kind, name: window.name, period, kind, held, actual });
  }
  return hold === undefined ? undefined : bill;
}
