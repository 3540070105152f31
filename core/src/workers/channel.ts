/** Calls and notices between the primary process and one worker, gathered per turn of the loop into one message. */
import { GatewayError } from '../errors.ts';
import { receivedError, sentError, type SentError } from './failure.ts';

type Part =
  | { readonly kind: 'call'; readonly number: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'answer'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly number: number; readonly error: SentError }
  | { readonly kind: 'notice'; readonly name: string; readonly value: unknown };

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
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #parts: Part[] = [];
  #closed: Error | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** Rejects with what the other side threw, and with `GW_INTERNAL` where it is gone. */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const number = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#add({ kind: 'call', number, name, args });
    });
  }

  tell(name: string, value: unknown): void {
    this.#add({ kind: 'notice', name, value });
  }

  /** Takes in a message; anything else that comes over the pipe is left alone. */
  receive(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('gatewright' in message)) return;
    for (const part of (message as Parcel).gatewright) this.#take(part);
  }

  /** The other side is gone: whoever waits for it, and whoever asks from now on, is told so. */
  close(reason: string | GatewayError): void {
    this.#closed ??= typeof reason === 'string' ? new GatewayError('GW_INTERNAL', reason) : reason;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#closed);
    this.#waiting.clear();
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
    // What comes in one turn of the loop goes out in one message: its price is mostly that of the message.
    if (this.#parts.push(part) === 1) setImmediate(() => this.flush());
  }

  #take(part: Part): void {
    switch (part.kind) {
      case 'call':
        this.#answer(part.number, part.name, part.args);
        return;
      case 'notice':
        this.#options.notice(part.name, part.value);
        return;
      default: {
        const waiting = this.#waiting.get(part.number);
        this.#waiting.delete(part.number);
        if (part.kind === 'answer') waiting?.resolve(part.value as never);
        else waiting?.reject(receivedError(part.error));
      }
    }
  }

  #answer(number: number, name: string, args: readonly unknown[]): void {
    const failed = (error: unknown): void => this.#add({ kind: 'failure', number, error: sentError(error) });
    try {
      const answer = this.#options.answer(name, args);
      if (answer instanceof Promise) answer.then((value) => this.#add({ kind: 'answer', number, value }), failed);
      else this.#add({ kind: 'answer', number, value: answer });
    } catch (error) {
      failed(error);
    }
  }
}
