/** A target of the project, and whether a run met it. */

/** As it stands in `results/latest.json`. */
export interface Target {
  readonly name: string;
  /** What was found, in the unit that the target names. */
  readonly value: number;
  /** The bound in words: `≥ 0.6`, `≤ 30 ms`. */
  readonly target: string;
  readonly met: boolean;
}

export function atLeast(name: string, value: number, bound: number, unit = ''): Target {
  return { name, value, target: `≥ ${bound}${unit === '' ? '' : ` ${unit}`}`, met: value >= bound };
}

export function atMost(name: string, value: number, bound: number, unit = ''): Target {
  return { name, value, target: `≤ ${bound}${unit === '' ? '' : ` ${unit}`}`, met: value <= bound };
}
