/** What a worker asks of the primary's state in one step of the event loop, in one frame: holds to be taken, and their bills. */
import type { Claim, Grant, HoldRequest, Posting, Reservation, SettleResult } from '../state.ts';
import { readGrants, writeBill, type ClaimWriter } from './claim-wire.ts';
import { receivedError, type SentError } from './failure.ts';
import type { FrameReader, FrameWriter } from './frame.ts';
import type { Held } from './held.ts';

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
export const REJECTED = 3;
/** It has to be waited for, or is not known: it is to be asked for by itself. */
export const ALONE = 4;

/** A reservation whose refused claim is told by its place among those of the hold. */
export type SentReservation =
  | { readonly ok: true; readonly grants: readonly Grant[]; readonly outage?: boolean }
  | (Omit<Extract<Reservation, { ok: false }>, 'refused'> & { readonly index: number; readonly amount: bigint });

/** Who waits for an answer. */
interface Asking {
  /** Its beginning was read, and was not {@link REJECTED}. */
  take(kind: number, answer: FrameReader): void;
  reject(error: Error): void;
}

export class Round {
  readonly frame: FrameWriter;
  readonly #claims: ClaimWriter;
  readonly #held: Held;
  readonly #asking: Asking[] = [];

  /** Writes to an empty frame. What is granted is added to what is held. */
  constructor(frame: FrameWriter, claims: ClaimWriter, held: Held) {
    this.frame = frame;
    this.#claims = claims;
    this.#held = held;
  }

  /** `alone` asks for it by itself, where that is needed, under the number that it was given. */
  reserve(
    { id, claims, memo, fresh }: HoldRequest,
    alone: (number: number) => Promise<Reservation>,
  ): Promise<Reservation> {
    return new Promise((resolve, reject) => {
      // Asked for at once: when this process has died, nobody can ask it any more. And before anything is written: it may fail.
      const text = memo();
      const { frame } = this;
      const held = this.#held;
      const number = held.number();
      frame.number(fresh === true ? RESERVE_FRESH : RESERVE);
      frame.number(number);
      frame.text(id);
      frame.text(text);
      this.#claims.write(claims, frame);
      const take = (kind: number, answer: FrameReader): void => {
        if (kind === ALONE) return resolve(alone(number));
        const granted = kind === GRANTED ? { ok: true as const, grants: readGrants(answer, claims) } : undefined;
        const reservation = granted ?? received(answer.other() as SentReservation, claims);
        if (reservation.ok) held.add(id, number, claims, reservation.grants);
        else held.refused(number);
        resolve(reservation);
      };
      this.#asking.push({
        take,
        reject(error) {
          held.refused(number);
          reject(error);
        },
      });
    });
  }

  /** Settles the hold of a number by the bill of just its claims. `alone` does it where the primary does not know the hold. */
  settle(number: number, bill: readonly Posting[], alone: () => Promise<SettleResult>): Promise<SettleResult> {
    const { frame } = this;
    frame.number(SETTLE);
    frame.number(number);
    writeBill(bill, frame);
    return new Promise((resolve, reject) => {
      const take = (kind: number, answer: FrameReader): void => {
        if (kind === SETTLED) resolve(SETTLED_WELL);
        else resolve(kind === ALONE ? alone() : (answer.other() as SettleResult));
      };
      this.#asking.push({ take, reject });
    });
  }

  answer(answer: FrameReader): void {
    for (const asking of this.#asking) {
      const kind = answer.number();
      if (kind === REJECTED) asking.reject(receivedError(answer.other() as SentError));
      else asking.take(kind, answer);
    }
  }

  fail(error: Error): void {
    for (const asking of this.#asking) asking.reject(error);
  }
}

const SETTLED_WELL: SettleResult = Object.freeze({ late: false, duplicate: false });

export function received(answer: SentReservation, claims: readonly Claim[]): Reservation {
  if (answer.ok) return answer;
  const { ok, index, amount, ...rest } = answer;
  return { ok, refused: { ...(claims[index] as Claim), amount }, ...rest };
}
