/** What a worker asks of the primary's state in one step of the event loop, in one call: holds to be taken, and their bills. */
import type { Claim, Grant, HoldRequest, Posting, Reservation, SettleResult } from '../state.ts';
import { readGrants, writeBill, type ClaimWriter } from './claim-wire.ts';
import { receivedError, type SentError } from './failure.ts';
import type { Held } from './held.ts';
import { SheetReader, SheetWriter, type Sheet } from './sheet.ts';

/** What a number at the beginning of a question says. */
export const RESERVE = 0;
/** A hold that nobody has asked for before. */
export const RESERVE_FRESH = 1;
export const SETTLE = 2;

/** What one at the beginning of an answer says. */
export const GRANTED = 0;
export const SETTLED = 1;
/** A hold, or a bill, in another way than usual: it comes as it is. */
export const OTHERWISE = 2;
export const FAILED = 3;
/** It has to be waited for, or is not known: it is to be asked for by itself. */
export const ALONE = 4;

/** A reservation whose refused claim is told by its place among those of the hold. */
export type SentReservation =
  | { readonly ok: true; readonly grants: readonly Grant[]; readonly outage?: boolean }
  | (Omit<Extract<Reservation, { ok: false }>, 'refused'> & { readonly index: number; readonly amount: bigint });

/** Who waits for an answer. */
interface Asking {
  /** Its beginning was read, and was not {@link FAILED}. */
  take(kind: number, sheet: SheetReader): void;
  reject(error: unknown): void;
}

export class Round {
  readonly #claims: ClaimWriter;
  readonly #held: Held<Claim>;
  readonly #sheet = new SheetWriter();
  readonly #asking: Asking[] = [];

  /** What is granted is added to what is held. */
  constructor(claims: ClaimWriter, held: Held<Claim>) {
    this.#claims = claims;
    this.#held = held;
  }

  /** `alone` asks for it by itself, where that is needed. */
  reserve({ id, claims, memo, fresh }: HoldRequest, alone: () => Promise<Reservation>): Promise<Reservation> {
    return new Promise((resolve, reject) => {
      // Asked for at once: when this process has died, nobody can ask it any more. And before anything is written: it may fail.
      const text = memo();
      const sheet = this.#sheet;
      sheet.number(fresh === true ? RESERVE_FRESH : RESERVE);
      sheet.text(id);
      sheet.text(text);
      this.#claims.write(claims, sheet);
      const take = (kind: number, answer: SheetReader): void => {
        if (kind === ALONE) return resolve(alone());
        const granted = kind === GRANTED ? { ok: true as const, grants: readGrants(answer) } : undefined;
        const reservation = granted ?? received(answer.other() as SentReservation, claims);
        if (reservation.ok) this.#held.add(id, claims, reservation.grants);
        resolve(reservation);
      };
      this.#asking.push({ take, reject });
    });
  }

  /** Settles a hold by the bill of just its claims. `alone` does it where the primary does not know the hold. */
  settle(id: string, bill: readonly Posting[], alone: () => Promise<SettleResult>): Promise<SettleResult> {
    const sheet = this.#sheet;
    sheet.number(SETTLE);
    sheet.text(id);
    writeBill(bill, sheet);
    return new Promise((resolve, reject) => {
      const take = (kind: number, answer: SheetReader): void => {
        if (kind === SETTLED) resolve(SETTLED_WELL);
        else resolve(kind === ALONE ? alone() : (answer.other() as SettleResult));
      };
      this.#asking.push({ take, reject });
    });
  }

  get sheet(): Sheet {
    return this.#sheet.sheet;
  }

  answer(answers: Sheet): void {
    const sheet = new SheetReader(answers);
    for (const asking of this.#asking) {
      const kind = sheet.number();
      if (kind === FAILED) asking.reject(receivedError(sheet.other() as SentError));
      else asking.take(kind, sheet);
    }
  }

  fail(error: unknown): void {
    for (const asking of this.#asking) asking.reject(error);
  }
}

const SETTLED_WELL: SettleResult = Object.freeze({ late: false, duplicate: false });

export function received(answer: SentReservation, claims: readonly Claim[]): Reservation {
  if (answer.ok) return answer;
  const { ok, index, amount, ...rest } = answer;
  return { ok, refused: { ...(claims[index] as Claim), amount }, ...rest };
}
