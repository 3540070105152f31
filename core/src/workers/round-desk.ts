/** The primary's side of a {@link Round}: asks the state of one worker, and writes what that says. */
import { isSameCounter } from '../counter.ts';
import type { Grant, OwnedState, Posting, Reservation, SettleResult } from '../state.ts';
import { ClaimReader, readBill, writeGrants, type SentClaim } from './claim-wire.ts';
import { sentError } from './failure.ts';
import type { FrameReader, FrameWriter } from './frame.ts';
import { ALONE, GRANTED, OTHERWISE, REJECTED, RESERVE_FRESH, SETTLE, SETTLED, type SentReservation } from './round.ts';

/** A hold under way. */
export interface Granted {
  readonly id: string;
  readonly claims: readonly SentClaim[];
  readonly grants: readonly Grant[];
}

export class RoundDesk {
  readonly #owned: OwnedState;
  /** By the numbers that the worker gave them, and gives again. */
  readonly #holds: (Granted | undefined)[] = [];
  readonly #claims = new ClaimReader();

  constructor(owned: OwnedState) {
    this.#owned = owned;
  }

  /** Answers all that can be answered at once, each in its turn. */
  answer(questions: FrameReader, answers: FrameWriter): void {
    while (!questions.done) {
      const kind = questions.number();
      if (kind === SETTLE) this.#settle(questions, answers);
      else this.#reserve(kind === RESERVE_FRESH, questions, answers);
    }
  }

  /** The same for one hold that has to be waited for. */
  async reserve(number: number, id: string, claims: readonly SentClaim[], memo: string): Promise<SentReservation> {
    const reservation = await this.#owned.reserve({ id, claims, memo: () => memo });
    if (reservation.ok) this.#holds[number] = { id, claims, grants: reservation.grants };
    return sentReservation(reservation, claims);
  }

  async extend(number: number, id: string, amounts: readonly bigint[]): Promise<SentReservation> {
    return sentReservation(await this.#owned.extend(id, amounts), this.#of(number, id)?.claims ?? []);
  }

  bill(number: number, id: string, postings: readonly Posting[]): SettleResult | Promise<SettleResult> {
    if (this.#of(number, id) !== undefined) this.#holds[number] = undefined;
    return this.#owned.settleNow?.(id, postings) ?? this.#owned.settle(id, postings);
  }

  /** What is asked for by itself may come when its number is another's. */
  #of(number: number, id: string): Granted | undefined {
    const hold = this.#holds[number];
    return hold?.id === id ? hold : undefined;
  }

  #reserve(fresh: boolean, questions: FrameReader, answers: FrameWriter): void {
    const number = questions.number();
    const [id, memo, claims] = [questions.text(), questions.text(), this.#claims.read(questions)];
    try {
      const reservation = this.#owned.reserveNow?.({ id, claims, memo: () => memo, fresh });
      if (reservation === undefined) {
        answers.number(ALONE);
        return;
      }
      if (reservation.ok) this.#holds[number] = { id, claims, grants: reservation.grants };
      if (reservation.ok && reservation.outage === undefined) {
        answers.number(GRANTED);
        writeGrants(reservation.grants, claims, answers);
      } else {
        answers.number(OTHERWISE);
        answers.other(sentReservation(reservation, claims));
      }
    } catch (error) {
      answers.number(REJECTED);
      answers.other(sentError(error));
    }
  }

  #settle(questions: FrameReader, answers: FrameWriter): void {
    const number = questions.number();
    const hold = this.#holds[number];
    const bill = readBill(questions, hold);
    if (hold === undefined || bill === undefined || this.#owned.settleNow === undefined) {
      answers.number(ALONE);
      return;
    }
    this.#holds[number] = undefined;
    try {
      const result = this.#owned.settleNow(hold.id, bill, hold.grants);
      if (result.late || result.duplicate) {
        answers.number(OTHERWISE);
        answers.other(result);
      } else {
        answers.number(SETTLED);
      }
    } catch (error) {
      answers.number(REJECTED);
      answers.other(sentError(error));
    }
  }
}

/** A reservation as it can be sent: a state's grants may be more than plain objects. */
function sentReservation(reservation: Reservation, claims: readonly SentClaim[]): SentReservation {
  if (!reservation.ok) {
    const { refused, ...rest } = reservation;
    return { ...rest, index: claims.findIndex((claim) => isSameCounter(claim, refused)), amount: refused.amount };
  }
  return { ...reservation, grants: reservation.grants.map(({ period, balance }) => ({ period, balance })) };
}
