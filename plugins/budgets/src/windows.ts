/** The windows of budgets as the state takes them: the periods around now, reckoned anew when time has moved on. */
import type { ClaimWindow, Clock, Period } from '@gatewright/core';
import { periodsAround, readWindow } from './calendar.ts';

export class Windows {
  readonly #clock: Clock;
  readonly #windows = new Map<string, ClaimWindow>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The window of this name now. The state's clock chooses the period; it may be a little ahead of this one, or behind. */
  of(text: string, timeZone: string): ClaimWindow {
    const key = timeZone === 'UTC' ? text : `${text}@${timeZone}`;
    const known = this.#windows.get(key);
    if (known !== undefined && (known.kind !== 'periods' || isCurrent(known.periods, this.#clock.now()))) return known;
    const made = this.#make(key, text, timeZone);
    this.#windows.set(key, made);
    return made;
  }

  #make(name: string, text: string, timeZone: string): ClaimWindow {
    const window = text === 'total' ? undefined : readWindow(text, timeZone);
    if (window === undefined) return { kind: 'total', name: 'total' };
    return { kind: 'periods', name, periods: periodsAround(window, this.#clock.now()) };
  }
}

/** The middle one of three is the period of now. */
function isCurrent(periods: readonly Period[], now: number): boolean {
  const current = periods[1];
  return current !== undefined && current.start <= now && now < current.end;
}
