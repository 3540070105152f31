/** The primary's side of a {@link Round}: asks the state of one worker, and writes what that says. */
import { isSameCounter } from '../counter.ts';
import type { OwnedState, Reservation } from '../state.ts';
import { ClaimReader, readBill, writeGrants, type SentClaim } from './claim-wire.ts';
import { sentError } from './failure.ts';
import type { Held } from './held.ts';
import { ALONE, FAILED, GRANTED, OTHERWISE, RESERVE_FRESH, SETTLE, SETTLED, type SentReservation } from './round.ts';
import { SheetReader, SheetWriter, type Sheet } from './sheet.ts';

export class RoundDesk {
  readonly #owned: OwnedState;
  readonly #held: Held<SentClaim>;
  readonly #claims = new ClaimReader();

  constructor(owned: OwnedState, held: Held<SentClaim>) {
    this.#owned = owned;
    this.#held = held;
  }

  /** Answers all that can be answered at once, each in its turn. */
  answer(questions: Sheet): Sheet {
    const sheet = new SheetReader(questions);
    const answers = new SheetWriter();
    while (!sheet.done) {
      const kind = sheet.number();
      if (kind === SETTLE) this.#settle(sheet, answers);
      else this.#reserve(kind === RESERVE_FRESH, sheet, answers);
    }
    return answers.sheet;
  }

  #reserve(fresh: boolean, sheet: SheetReader, answers: SheetWriter): void {
    const [id, memo, claims] = [sheet.text(), sheet.text(), this.#claims.read(sheet)];
    try {
      const reservation = this.#owned.reserveNow?.({ id, claims, memo: () => memo, fresh });
      if (reservation === undefined) {
        answers.number(ALONE);
      } else if (reservation.ok && reservation.outage === undefined) {
        this.#held.add(id, claims, reservation.grants);
        answers.number(GRANTED);
        writeGrants(reservation.grants, answers);
      } else {
        if (reservation.ok) this.#held.add(id, claims, reservation.grants);
        answers.number(OTHERWISE);
        answers.other(sentReservation(reservation, claims));
      }
    } catch (error) {
      answers.number(FAILED);
      answers.other(sentError(error));
    }
  }

  #settle(sheet: SheetReader, answers: SheetWriter): void {
    const id = sheet.text();
    const hold = this.#held.get(id);
    const bill = readBill(sheet, hold);
    if (bill === undefined || this.#owned.settleNow === undefined) {
      answers.number(ALONE);
      return;
    }
    // Deleting it empties it.
    const grants = hold?.grants;
    this.#held.delete(id);
    try {
      const result = this.#owned.settleNow(id, bill, grants);
      if (result.late || result.duplicate) {
        answers.number(OTHERWISE);
        answers.other(result);
      } else {
        answers.number(SETTLED);
      }
    } catch (error) {
      answers.number(FAILED);
      answers.other(sentError(error));
    }
  }
}

/** A reservation as it can be sent: a state's grants may be more than plain objects. */
export function sentReservation(reservation: Reservation, claims: readonly SentClaim[]): SentReservation {
  if (!reservation.ok) {
    const { refused, ...rest } = reservation;
    return { ...rest, index: claims.findIndex((claim) => isSameCounter(claim, refused)), amount: refused.amount };
  }
  return { ...reservation, grants: reservation.grants.map(({ period, balance }) => ({ period, balance })) };
}
