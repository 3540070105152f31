/** The budgets and limits that an identity brings with it: set by `auth` plugins, enforced by meters. */

export interface BudgetRule {
  /** Whose: `key:abc`, `team:core`. */
  readonly scope: string;
  /** A name for people, in errors and reports. */
  readonly label?: string;
  /** Nano-dollars. */
  readonly limit: bigint;
  /** Nano-dollars at which an event is raised and nothing is refused. */
  readonly soft?: bigint;
  /** `30s`, `15m`, `6h`, `1d`, `1w`, `1mo` from one calendar edge to the next, or `total`. */
  readonly window: string;
  /** IANA name of the zone whose calendar is meant. Default UTC. */
  readonly timeZone?: string;
  /** Models that it is for: names, or patterns with `*`. Absent means all. */
  readonly models?: readonly string[];
}

export interface LimitRule {
  readonly scope: string;
  readonly label?: string;
  /** `requests` and `tokens` within a sliding window; `concurrent` while they are under way. */
  readonly unit: 'requests' | 'tokens' | 'input-tokens' | 'output-tokens' | 'concurrent';
  readonly limit: bigint;
  /** The length of the sliding window in milliseconds; not for `concurrent`. */
  readonly window?: number;
  readonly models?: readonly string[];
}

/** What a caller may spend and use. */
export interface Rules {
  readonly budgets?: readonly BudgetRule[];
  readonly limits?: readonly LimitRule[];
}
