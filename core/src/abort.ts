/** A cancellation that costs nothing until somebody needs an AbortSignal: listeners are plain functions, or objects. */

/** Who hears of an abort without a function made for it. */
export interface Abortable {
  aborted(reason: Error): void;
}

type Listener = Abortable | ((reason: Error) => void);

export class Abort {
  #reason: Error | undefined = undefined;
  /** Most have no more than one. */
  #first: Listener | undefined = undefined;
  #others: Listener[] | undefined = undefined;
  #controller: AbortController | undefined = undefined;

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The same cancellation for APIs that take a signal; made on first use. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Calls the listener once when this aborts; at once where it has already. The answer takes the listener back. */
  onAbort(listener: (reason: Error) => void): () => void {
    this.listen(listener);
    return () => this.unlisten(listener);
  }

  /** Like {@link onAbort}, for a listener that is taken back by {@link unlisten}, or by nobody. */
  listen(listener: Listener): void {
    if (this.#reason !== undefined) tell(listener, this.#reason);
    else if (this.#first === undefined && this.#others === undefined) this.#first = listener;
    else (this.#others ??= []).push(listener);
  }

  /** Takes a listener back; one that is not there is no mistake. */
  unlisten(listener: Listener): void {
    if (this.#first === listener) {
      this.#first = undefined;
      return;
    }
    const at = this.#others?.indexOf(listener) ?? -1;
    if (at >= 0) this.#others?.splice(at, 1);
  }

  /** The promise, or the reason where this aborts first. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.listen(reject);
      promise.then(resolve, reject);
    });
  }

  /** Aborts; a second call changes nothing. */
  abort(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const first = this.#first;
    const others = this.#others;
    this.#first = undefined;
    this.#others = undefined;
    if (first !== undefined) tell(first, reason);
    if (others !== undefined) for (const listener of others) tell(listener, reason);
    this.#controller?.abort(reason);
  }
}

function tell(listener: Listener, reason: Error): void {
  if (typeof listener === 'function') listener(reason);
  else listener.aborted(reason);
}
