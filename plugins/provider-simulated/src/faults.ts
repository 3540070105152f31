/** The ways in which the simulated provider can be told to misbehave, as a table. */
import type { Wish } from './answer.ts';
import type { Delivery } from './delivery.ts';
import { CONNECTION_FAULTS } from './faults-connection.ts';
import { FORM_FAULTS } from './faults-form.ts';
import { STREAM_FAULTS } from './faults-stream.ts';
import type { Wire } from './wire.ts';

export interface FaultContext {
  readonly wire: Wire;
  readonly stream: boolean;
  readonly inputTokens: number;
  /** Whether this is one of the first `times` calls with the same body; counts the call. */
  failsFirst(times: number): boolean;
}

export interface Fault {
  /** How it is written: capital letters stand for a number, square brackets for what may be left out. */
  readonly form: string;
  /** The number is the first group. */
  readonly pattern: RegExp;
  readonly what: string;
  readonly wish?: (wish: Wish, n: number) => Wish;
  readonly change?: (delivery: Delivery, n: number, context: FaultContext) => Delivery;
}

const ANSWER_FAULTS: readonly Fault[] = [
  {
    form: 'tokens-N',
    pattern: /^tokens-(\d{1,6})$/,
    what: 'The answer has exactly N tokens of text.',
    wish: (wish, n) => ({ ...wish, length: n }),
  },
  {
    form: 'pace-N',
    pattern: /^pace-(\d{1,6})$/,
    what: 'N tokens a second, whatever the options say; 0 for all at once.',
    wish: (wish, n) => ({ ...wish, tokensPerSecond: n }),
  },
  {
    form: 'refusal',
    pattern: /^refusal$/,
    what: 'The model refuses, in the form that the dialect has for it.',
    wish: (wish) => ({ ...wish, refuse: true }),
  },
  {
    form: 'content-filter',
    pattern: /^content-filter$/,
    what: 'A filter cuts the answer half way and says so in the stop reason.',
    wish: (wish) => ({ ...wish, filter: true }),
  },
  {
    form: 'no-usage',
    pattern: /^no-usage$/,
    what: 'The reply does not tell its usage.',
    wish: (wish) => ({ ...wish, usage: false }),
  },
];

/** All faults, in the order in which they are applied where several are asked for. */
export const FAULTS: readonly Fault[] = [...ANSWER_FAULTS, ...STREAM_FAULTS, ...CONNECTION_FAULTS, ...FORM_FAULTS];

/** A fault that was asked for, with its number. */
export interface ChosenFault {
  readonly fault: Fault;
  readonly n: number;
}

/** The fault of this name; undefined where there is none. */
export function faultNamed(name: string): ChosenFault | undefined {
  for (const fault of FAULTS) {
    const match = fault.pattern.exec(name);
    if (match !== null) return { fault, n: match[1] === undefined ? NaN : Number(match[1]) };
  }
  return undefined;
}

/** The names as faults, in the order of the table, each once. Throws {@link UnknownFault}. */
export function faultsNamed(names: Iterable<string>): readonly ChosenFault[] {
  const chosen = new Map<Fault, ChosenFault>();
  for (const name of names) {
    const found = faultNamed(name);
    if (found === undefined) throw new UnknownFault(name);
    chosen.set(found.fault, found);
  }
  return FAULTS.flatMap((fault) => chosen.get(fault) ?? []);
}

export class UnknownFault extends Error {
  constructor(name: string) {
    super(`The simulated model knows no fault "${name}". It knows: ${FAULTS.map(({ form }) => form).join(', ')}.`);
    this.name = 'UnknownFault';
  }
}
