/** Calls and notices between two processes or threads, gathered into few messages. */
import { GatewayError } from '../errors.ts';
import { receivedError, sentError, type SentError } from './failure.ts';

/** Lists, for their names would be copied with each: a third of the price of a small call. */
type Part =
  | readonly [kind: 'call', number: number, name: string, args: readonly unknown[]]
  | readonly [kind: 'answer', number: number, value: unknown]
  | readonly [kind: 'failure', number: number, error: SentError]
  | readonly [kind: 'notice', name: string, value: unknown];

/** One message. The mark keeps it apart from what others may send over the same pipe. */
export interface Parcel {
  readonly gatewright: readonly Part[];
}

export interface ChannelOptions {
  /** Sends a message; may throw where the other side is gone. */
  readonly send: (parcel: Parcel) => void;
  /** Answers a call of the other side. */
  readonly answer: (name: string, args: readonly unknown[]) => unknown;
  /** Takes in a notice of the other side. */
  readonly notice: (name: string, value: unknown) => void;
}

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

export class Channel {
  readonly #options: ChannelOptions;
  /**
   * By the numbers of their calls; a number that was answered is given again. (Of a map that changes all the time V8 leaves tables
   * behind, and each would keep the requests that once waited in it until all of the heap is collected.)
   */
  readonly #waiting: (Waiting | undefined)[] = [];
  readonly #free: number[] = [];
  #parts: Part[] = [];
  #closed: Error | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** Rejects with what the other side threw, and with `GW_INTERNAL` where it is gone. */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const number = this.#free.pop() ?? this.#waiting.length;
    return new Promise<T>((resolve, reject) => {
      this.#waiting[number] = { resolve, reject };
      this.#add(['call', number, name, args]);
    });
  }

  tell(name: string, value: unknown): void {
    this.#add(['notice', name, value]);
  }

  /** Takes in a message; anything else that comes over the pipe is left alone. */
  receive(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('gatewright' in message)) return;
    for (const part of (message as Parcel).gatewright) this.#take(part);
  }

  /** The other side is gone: whoever waits for it, and whoever asks from now on, is told so. */
  close(reason: string | GatewayError): void {
    this.#closed ??= typeof reason === 'string' ? new GatewayError('GW_INTERNAL', reason) : reason;
    for (const waiting of this.#waiting.splice(0)) waiting?.reject(this.#closed);
  }

  /** Sends at once what was gathered. */
  flush(): void {
    const parts = this.#parts;
    this.#parts = [];
    if (parts.length === 0 || this.#closed !== undefined) return;
    try {
      this.#options.send({ gatewright: parts });
    } catch (error) {
      this.close(`The other process cannot be reached: ${(error as Error).message}.`);
    }
  }

  #add(part: Part): void {
    if (this.#closed !== undefined) return;
    // What comes in one step of the loop goes out in one message: its price is mostly that of the message.
    if (this.#parts.push(part) === 1) process.nextTick(() => this.flush());
  }

  #take(part: Part): void {
    switch (part[0]) {
      case 'call':
        this.#answer(part[1], part[2], part[3]);
        return;
      case 'notice':
        this.#options.notice(part[1], part[2]);
        return;
      default: {
        const [kind, number, value] = part;
        const waiting = this.#waiting[number];
        this.#waiting[number] = undefined;
        this.#free.push(number);
        if (kind === 'answer') waiting?.resolve(value as never);
        else waiting?.reject(receivedError(value));
      }
    }
  }

  #answer(number: number, name: string, args: readonly unknown[]): void {
    const failed = (error: unknown): void => this.#add(['failure', number, sentError(error)]);
    try {
      const answer = this.#options.answer(name, args);
      if (answer instanceof Promise) answer.then((value) => this.#add(['answer', number, value]), failed);
      else this.#add(['answer', number, answer]);
    } catch (error) {
      failed(error);
    }
  }
}
