/** The bytes of a reply, each at its time by the injected clock. */
import { GatewayError, type Clock, type ReplyBody, type ReplySink } from '@gatewright/core';

/** Bytes, and when they are there: milliseconds from the head. */
export interface Beat {
  readonly at: number;
  readonly bytes: Buffer;
}

/** How the bytes end: well, with a broken connection, or not at all. */
export type Ending = 'end' | 'cut' | 'silence';

export interface TimedBodyOptions {
  readonly clock: Clock;
  /** In the order of their times. */
  readonly beats: readonly Beat[];
  readonly ending: Ending;
  /** The most bytes that are given at once. */
  readonly chunk: number;
  /** Milliseconds of silence after which the reply fails with `GW_UPSTREAM_TIMEOUT`. */
  readonly idle: number;
  /** For messages. */
  readonly target: string;
}

/** What is due goes out together, as much of it as a chunk takes, like bytes that wait in a socket. */
export class TimedBody implements ReplyBody {
  readonly #options: TimedBodyOptions;
  readonly #start: number;
  #next = 0;
  /** Bytes that are due and did not fit into the last chunk. */
  #rest: Buffer = Buffer.alloc(0);
  #sink: ReplySink | undefined;
  #paused = false;
  #over = false;
  #flowing = false;
  #cancelTimer: (() => void) | undefined;
  #onOver: (() => void) | undefined;

  constructor(options: TimedBodyOptions) {
    this.#options = options;
    this.#start = options.clock.monotonic();
  }

  /** Runs the task once when nothing more will come. */
  onOver(task: () => void): void {
    if (this.#over) task();
    else this.#onOver = task;
  }

  pipe(sink: ReplySink): void {
    this.#sink = sink;
    this.#flow();
  }

  pause(): void {
    this.#paused = true;
    this.#stopTimer();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  cancel(): void {
    this.#finish();
  }

  /** Gives all that is due, then waits for what comes next. */
  #flow(): void {
    const sink = this.#sink;
    // A sink may pause and resume while it is given data: the loop that is running goes on.
    if (sink === undefined || this.#flowing) return;
    this.#flowing = true;
    this.#stopTimer();
    while (!this.#paused && !this.#over) {
      const bytes = this.#due();
      if (bytes.length === 0) break;
      sink.data(bytes);
    }
    this.#flowing = false;
    if (!this.#paused && !this.#over) this.#await(sink);
  }

  #due(): Buffer {
    const { beats, chunk, clock } = this.#options;
    if (this.#rest.length >= chunk) return this.#take(this.#rest);
    const elapsed = clock.monotonic() - this.#start;
    const bytes = [this.#rest];
    let length = this.#rest.length;
    while (length < chunk && this.#next < beats.length) {
      const beat = beats[this.#next] as Beat;
      if (beat.at > elapsed) break;
      bytes.push(beat.bytes);
      length += beat.bytes.length;
      this.#next++;
    }
    return this.#take(Buffer.concat(bytes));
  }

  #take(bytes: Buffer): Buffer {
    this.#rest = bytes.subarray(this.#options.chunk);
    return bytes.subarray(0, this.#options.chunk);
  }

  #await(sink: ReplySink): void {
    const { beats, ending, clock, idle } = this.#options;
    const beat = beats[this.#next];
    if (beat === undefined && ending !== 'silence') {
      this.#finish();
      if (ending === 'end') sink.end();
      else sink.error(this.#failure('GW_UPSTREAM_CUT', 'broke off in the middle of its answer (simulated)'));
      return;
    }
    const wait = beat === undefined ? Infinity : beat.at - (clock.monotonic() - this.#start);
    if (wait <= idle) {
      this.#cancelTimer = clock.after(Math.ceil(wait), () => this.#flow());
      return;
    }
    this.#cancelTimer = clock.after(idle, () => {
      this.#finish();
      sink.error(this.#failure('GW_UPSTREAM_TIMEOUT', `went silent for ${idle} ms in the middle of its answer`));
    });
  }

  #failure(code: 'GW_UPSTREAM_CUT' | 'GW_UPSTREAM_TIMEOUT', what: string): GatewayError {
    const { target } = this.#options;
    return new GatewayError(code, `${target} ${what}.`, { target });
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopTimer();
    this.#onOver?.();
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
