/** A cancellation that costs nothing until somebody needs an AbortSignal: listeners are plain functions. */
export class Abort {
  #reason: Error | undefined;
  /** Made with the first listener. */
  #listeners: ((reason: Error) => void)[] | undefined = undefined;
  #controller: AbortController | undefined;

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
    return () => {
      const listeners = this.#listeners ?? [];
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    };
  }

  /** Like {@link onAbort}, for a listener that nobody takes back: it may be called for as long as this lives. */
  listen(listener: (reason: Error) => void): void {
    if (this.#reason !== undefined) listener(this.#reason);
    else if (this.#listeners === undefined) this.#listeners = [listener];
    else this.#listeners.push(listener);
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
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener(reason);
    this.#controller?.abort(reason);
  }
}
