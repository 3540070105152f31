/** Runs a task one time after the other: who asks while it runs gets the next run, and all who wait share it. */
export class Turns<T> {
  readonly #run: () => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(run: () => Promise<T>) {
    this.#run = run;
  }

  take(): Promise<T> {
    if (this.#running === undefined) {
      const running = this.#run().finally(() => (this.#running = undefined));
      this.#running = running;
      return running;
    }
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.take();
      });
    return this.#next;
  }
}
