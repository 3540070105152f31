/** The windows of budgets as the state takes them: the periods around now, reckoned anew when time has moved on. */
import type { ClaimWindow, Clock, Period } from '@gatewright/core';
import { periodsAround, readWindow, type CalendarWindow } from './calendar.ts';

/** The windows by their names: budgets with the same one share it. */
export class Windows {
  readonly #clock: Clock;
  readonly #windows = new Map<string, BudgetWindow>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The window of this name now. The state's clock chooses the period; it may be a little ahead of this one, or behind. */
  of(text: string, timeZone: string): ClaimWindow {
    return this.named(text, timeZone).at(this.#clock.now());
  }

  /** The window of this name, to be asked at any time. */
  named(text: string, timeZone: string): BudgetWindow {
    const name = timeZone === 'UTC' ? text : `${text}@${timeZone}`;
    let window = this.#windows.get(name);
    if (window === undefined) {
      window = new BudgetWindow(name, text === 'total' ? undefined : readWindow(text, timeZone), this.#clock.now());
      this.#windows.set(name, window);
    }
    return window;
  }
}

export class BudgetWindow {
  /** The name under which the state counts. */
  readonly name: string;
  readonly #calendar: CalendarWindow | undefined;
  #window: ClaimWindow;

  /** Without a calendar it is all of time. */
  constructor(name: string, calendar: CalendarWindow | undefined, now: number) {
    this.name = calendar === undefined ? 'total' : name;
    this.#calendar = calendar;
    this.#window = this.#make(now);
  }

  /** The window at a moment. */
  at(now: number): ClaimWindow {
    const window = this.#window;
    if (window.kind !== 'periods' || isCurrent(window.periods, now)) return window;
    this.#window = this.#make(now);
    return this.#window;
  }

  #make(now: number): ClaimWindow {
    if (this.#calendar === undefined) return { kind: 'total', name: this.name };
    return { kind: 'periods', name: this.name, periods: periodsAround(this.#calendar, now) };
  }
}

/** The middle one of three is the period of now. */
function isCurrent(periods: readonly Period[], now: number): boolean {
  const current = periods[1];
  return current !== undefined && current.start <= now && now < current.end;
}
