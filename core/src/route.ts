/** Where an exchange may go: targets, in the order they will be tried. */

/** One provider and upstream model that can serve a model, with its settings. Frozen at boot. */
export interface Target {
  /** `provider/model`, as records and errors show it. */
  readonly id: string;
  /** The instance id of the provider plugin. */
  readonly provider: string;
  /** The provider's own name of the model. */
  readonly model: string;
  /** The gateway's name of the model that this target belongs to. */
  readonly of: string;
  /** The share of first tries that this target gets among its siblings. */
  readonly weight: number;
  /** How many more times a retryable failure is tried on this target. */
  readonly retries: number;
  readonly timeouts: Timeouts;
  /** What happens with a field that the target cannot express. */
  readonly unsupported: 'refuse' | 'drop';
  /** Which model name the reply reports. */
  readonly reports: 'upstream' | 'requested';
}

/** Milliseconds. */
export interface Timeouts {
  /** Until the connection stands. */
  readonly connect: number;
  /** From the request's last byte to the reply's head. */
  readonly headers: number;
  /** Between two pieces of the reply. */
  readonly idle: number;
  /** From the first byte sent to the last byte received. */
  readonly total: number;
}

export interface Route {
  readonly targets: readonly Target[];
}
