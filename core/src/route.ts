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
  /** How many more times a failure is tried on this target: for all reasons but timeouts, or by reason. */
  readonly retries: number | Retries;
  readonly timeouts: Timeouts;
  /** How many calls to it may be under way at once; absent for any number. */
  readonly concurrency?: number;
  /** How many calls may wait for their turn. Default 0. */
  readonly queue?: number;
  /** What happens with a field that the target cannot express. */
  readonly unsupported: 'refuse' | 'drop';
  /** Which model name the reply reports. */
  readonly reports: 'upstream' | 'requested';
  /**
   * What becomes of a stream that breaks after its content began: it ends with an `error`; the next target is asked to
   * `resume` it; or no content is sent before all of it is there (`hold`), so that nothing can break.
   */
  readonly rescue: 'error' | 'resume' | 'hold';
  /**
   * What becomes of an answer whose client has left: `cancel` the call, and bill what was produced; cancel it, and bill an
   * `estimate`, because the provider goes on; or read it to its end, for so many milliseconds and output tokens more.
   */
  readonly onClientGone: 'cancel' | 'estimate' | Drain;
  /** Milliseconds without content after which a stream's client gets a comment, and again each time; 0 for none. */
  readonly keepAlive: number;
  /** What the configuration says here to single plugins, by their ids, as their `targetOptions` parsed it. */
  readonly with?: Readonly<Record<string, unknown>>;
}

/** How long an answer is read that nobody waits for. */
export interface Drain {
  /** Milliseconds. */
  readonly time: number;
  /** Output tokens. */
  readonly tokens: number;
}

/** Reasons for which a target may be asked again; what is absent counts as 1, `timeout` as 0. */
export interface Retries {
  readonly rateLimited?: number | undefined;
  readonly overloaded?: number | undefined;
  readonly server?: number | undefined;
  readonly connection?: number | undefined;
  readonly invalid?: number | undefined;
  readonly timeout?: number | undefined;
}

/** Milliseconds. */
export interface Timeouts {
  /** Until the connection stands. */
  readonly connect: number;
  /** From the request's last byte to the reply's head. */
  readonly headers: number;
  /** From sending the request to the first content of a streamed reply; absent for no bound of its own. */
  readonly firstToken?: number;
  /** Between two pieces of the reply, whatever is in them. */
  readonly idle: number;
  /** Between two events of a stream that say something, once its content has begun; absent for no bound of its own. */
  readonly content?: number;
  /** From the first byte sent to the last byte received. */
  readonly total: number;
}

export interface Route {
  readonly targets: readonly Target[];
  /** Where the first target has not begun to answer after so long, the next is asked besides it; absent: one after the other. */
  readonly hedge?: Hedge;
}

/** Asks several targets at once, and takes the first that begins to answer. Each is an attempt, and is paid. */
export interface Hedge {
  /** Milliseconds until one more target is asked. */
  readonly delay: number;
  /** How many targets may be asked at the same time, the first among them. */
  readonly most: number;
}
