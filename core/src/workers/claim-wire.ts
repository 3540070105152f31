/**
 * Claims and bills on their way between a worker and the primary process.
 *
 * What is the same in each request of a caller, the terms of a claim, goes once, and then as a number. What is sent arrives in
 * its order, so that a number is never there before its terms.
 */
import type { Balance, Claim, Grant, Posting } from '../state.ts';
import type { SheetReader, SheetWriter } from './sheet.ts';

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

  write(claims: readonly Claim[], sheet: SheetWriter): void {
    sheet.number(claims.length);
    for (const claim of claims) {
      const known = this.#known.get(claim.scope)?.find(({ terms }) => isSame(terms, claim));
      if (known === undefined) this.#add(claim, sheet);
      else sheet.number(known.number);
      sheet.amount(claim.amount);
    }
  }

  /** A number below zero says that its terms come with it. */
  #add(claim: Claim, sheet: SheetWriter): void {
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
    sheet.number(-1 - number);
    sheet.other(terms);
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

  read(sheet: SheetReader): SentClaim[] {
    const claims: SentClaim[] = [];
    for (let left = sheet.number(); left > 0; left--) {
      let number = sheet.number();
      if (number < 0) {
        number = -1 - number;
        this.#terms[number] = sheet.other() as Terms;
      }
      const { scope, unit, window, kind, limit, outage, label, whenShort } = this.#terms[number] as Terms;
      const amount = sheet.amount() as bigint;
      claims.push({ scope, unit, window, kind, limit, outage, label, whenShort, amount });
    }
    return claims;
  }
}

/** A state's grants may also be more than the plain objects that can be sent. */
export function writeGrants(grants: readonly Grant[], sheet: SheetWriter): void {
  sheet.number(grants.length);
  for (const { period, balance } of grants) {
    sheet.word(period);
    sheet.amount(balance.spent);
    sheet.amount(balance.reserved);
    sheet.amount(balance.limit);
    sheet.optional(balance.resetsAt);
  }
}

export function readGrants(sheet: SheetReader): Grant[] {
  const grants: Grant[] = [];
  for (let left = sheet.number(); left > 0; left--) {
    const period = sheet.word();
    const balance: { -readonly [K in keyof Balance]: Balance[K] } = {
      spent: sheet.amount() as bigint,
      reserved: sheet.amount() as bigint,
    };
    const limit = sheet.amount();
    const resetsAt = sheet.optional();
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

export function writeBill(bill: readonly Posting[], sheet: SheetWriter): void {
  sheet.number(bill.length);
  for (const { held, actual } of bill) {
    sheet.amount(held);
    sheet.amount(actual);
  }
}

/** The bill of a hold; undefined where it is not known what was claimed. */
export function readBill(
  sheet: SheetReader,
  hold: { readonly claims: readonly SentClaim[]; readonly grants: readonly Grant[] } | undefined,
): Posting[] | undefined {
  const bill: Posting[] = [];
  const count = sheet.number();
  for (let index = 0; index < count; index++) {
    const [held, actual] = [sheet.amount() as bigint, sheet.amount() as bigint];
    if (hold === undefined) continue;
    const { scope, unit, window, kind } = hold.claims[index] as SentClaim;
    const { period } = hold.grants[index] as Grant;
    bill.push({ scope, unit, window: window.kind, name: window.name, period, kind, held, actual });
  }
  return hold === undefined ? undefined : bill;
}
